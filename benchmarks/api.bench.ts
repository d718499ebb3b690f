/**
 * Latency of the API at a constant arrival rate, see open-loop.ts.
 *
 *   node benchmarks/api.bench.ts [--url http://127.0.0.1:8000] [--rate 50] [--seconds 60] [--only chain-kpi,forecast]
 */
import { parseArgs } from "node:util";
import { closeConnections, json, measure, type Question, scattered, TABLE_HEADER } from "./open-loop.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8000" },
    rate: { type: "string", default: "50" },
    seconds: { type: "string", default: "60" },
    only: { type: "string" },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);

const summary = await json<{ date_from: string; date_to: string }>(values.url, "/api/v1/system/summary");
const stores = await json<{ store_id: number }[]>(values.url, "/api/v1/stores");
const storeIds = scattered(stores.map(({ store_id }) => store_id));
const range = `date_from=${summary.date_from}&date_to=${summary.date_to}`;

const questions: Question[] = [
  {
    name: "chain-kpi",
    targetP95Ms: 30,
    method: "GET",
    make: () => ({ path: `/api/v1/kpi/summary?${range}` }),
  },
  {
    name: "store-series",
    targetP95Ms: 30,
    method: "GET",
    make: (n) => ({ path: `/api/v1/sales/timeseries?${range}&store_id=${storeIds[n]}` }),
  },
  {
    name: "chain-series",
    targetP95Ms: 50,
    method: "GET",
    make: () => ({ path: `/api/v1/sales/timeseries?${range}&aggregate=chain` }),
  },
  {
    name: "forecast",
    targetP95Ms: 60,
    method: "POST",
    make: (n) => ({
      path: "/api/v1/forecast",
      body: JSON.stringify({ store_id: storeIds[n], horizon_days: 30 }),
    }),
  },
];
const only = values.only?.split(",");

console.log(
  `${values.url}, ${stores.length} stores, ${summary.date_from} to ${summary.date_to}, ${rate}/s for ${seconds} s, node ${process.version}`,
);
console.log(TABLE_HEADER);
for (const question of questions) {
  if (only !== undefined && !only.includes(question.name)) continue;
  await measure(question, { url: values.url, perSecond: rate, seconds, variants: storeIds.length });
}
closeConnections();
