/**
 * The planning routes on a running server with the real data and the full model.
 *
 *   node benchmarks/planning.bench.ts [--url http://127.0.0.1:8000] [--pid N] [--rate 20] [--seconds 30] [--stores 200]
 *
 * With --pid, the server's process, its memory is watched while the whole chain is forecast.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Batch, ForecastPoint, ScenarioRun } from "@rossmann/backend";
import { closeConnections, json, measure, type Question, scattered, TABLE_HEADER } from "./open-loop.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8000" },
    pid: { type: "string" },
    rate: { type: "string", default: "20" },
    seconds: { type: "string", default: "30" },
    /** stores whose figures are checked */
    stores: { type: "string", default: "200" },
  },
});
const HORIZON_DAYS = 42;
const REPEATS = 5;
const { url } = values;
const post = <Answer>(path: string, body: object) => json<Answer>(url, `/api/v1${path}`, body);

function verdict(name: string, value: number, unit: string, limit: number): void {
  const shown = `${value.toFixed(unit === "" ? 0 : 1)} ${unit}`.trim();
  console.log(
    `${name.padEnd(64)}${shown.padStart(12)}   at most ${limit} ${unit} ${value <= limit ? "held" : "MISSED"}`,
  );
}

async function times(run: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < REPEATS; n++) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return taken;
}

/** Resident megabytes of the server. */
function residentMb(): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${values.pid}/status`, "utf8"));
  return Number(line?.[1]) / 1024;
}

async function growthWhile(run: () => Promise<unknown>): Promise<number> {
  const before = residentMb();
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, residentMb());
  }, 10);
  await run();
  clearInterval(watch);
  return highest - before;
}

const stores = await json<{ store_id: number; store_type: string | null }[]>(url, "/api/v1/stores");
const storeIds = scattered(stores.map(({ store_id }) => store_id));
const largestType = [...Map.groupBy(stores, ({ store_type }) => store_type)].sort(
  (a, b) => b[1].length - a[1].length,
)[0]!;
const allStores = () => post<Batch>("/forecast/batch", { all_stores: true, horizon_days: HORIZON_DAYS });

console.log(`${url}, ${stores.length} stores, node ${process.version}`);
const first = performance.now();
await allStores();
console.log(
  `first portfolio of all stores after the start: ${((performance.now() - first) / 1000).toFixed(1)} s`,
);

const questions: Question[] = [
  {
    name: "forecast",
    targetP95Ms: 40,
    method: "POST",
    make: (n) => ({
      path: "/api/v1/forecast",
      body: JSON.stringify({ store_id: storeIds[n], horizon_days: HORIZON_DAYS }),
    }),
  },
  {
    name: "forecast-drivers",
    targetP95Ms: 60,
    method: "POST",
    make: (n) => ({
      path: "/api/v1/forecast",
      body: JSON.stringify({ store_id: storeIds[n], horizon_days: HORIZON_DAYS, drivers: true }),
    }),
  },
  {
    name: "scenario-one-store",
    targetP95Ms: 60,
    method: "POST",
    make: (n) => ({
      path: "/api/v1/scenario/run",
      body: JSON.stringify({
        store_id: storeIds[n],
        horizon_days: HORIZON_DAYS,
        promo_mode: ["always_on", "off", "weekends_only"][n % 3],
        weekend_open: n % 2 === 0,
        demand_shift_pct: (n % 21) - 10,
      }),
    }),
  },
];
console.log(TABLE_HEADER);
for (const question of questions) {
  await measure(question, {
    url,
    perSecond: Number(values.rate),
    seconds: Number(values.seconds),
    variants: storeIds.length,
  });
}

const segment = await times(() =>
  post<ScenarioRun>("/scenario/run", {
    segment: { store_type: largestType[0] },
    horizon_days: HORIZON_DAYS,
    promo_mode: "always_on",
  }),
);
const perStore = Math.max(...segment) / largestType[1].length;
verdict(
  `scenario of ${largestType[1].length} stores (type ${largestType[0]}), slowest of ${REPEATS}, as for 500`,
  perStore * 500,
  "ms",
  2000,
);
verdict(
  `portfolio of ${stores.length} stores x ${HORIZON_DAYS} days, slowest of ${REPEATS}`,
  Math.max(...(await times(allStores))),
  "ms",
  3000,
);
if (values.pid !== undefined) {
  verdict("memory that the process grows by meanwhile", await growthWhile(() => times(allStores)), "MB", 200);
}

let shifts = 0;
let unequal = 0;
let cents = 0;
for (const store_id of storeIds.slice(0, Number(values.stores))) {
  const frame = { store_id, horizon_days: HORIZON_DAYS };
  const forecast = await post<ForecastPoint[]>("/forecast", { ...frame, drivers: true }).catch(() => null);
  if (forecast === null) continue;
  const asIs = await post<ScenarioRun>("/scenario/run", frame);
  const shifted = await post<ScenarioRun>("/scenario/run", { ...frame, demand_shift_pct: 10 });
  const other = await post<ScenarioRun>("/scenario/run", { ...frame, promo_mode: "off" });
  forecast.forEach(({ predicted_sales, open, drivers }, k) => {
    const scenario = shifted.points[k]!.scenario_sales;
    const expected = open === 1 ? predicted_sales * 1.1 : 0;
    if (Math.abs(scenario - expected) > 1e-9 * predicted_sales) shifts++;
    if (asIs.points[k]!.scenario_sales !== predicted_sales) unequal++;
    if (other.points[k]!.baseline_sales !== predicted_sales) unequal++;
    const sum = drivers === null ? 0 : Object.values(drivers).reduce((total, part) => total + part, 0);
    if (Math.abs(sum - predicted_sales) >= 0.01) cents++;
  });
}
verdict(
  `days of ${values.stores} stores that a shift of +10 % does not move by +10.0 %, or opens`,
  shifts,
  "",
  0,
);
verdict("days on which as_is or a scenario's baseline is not the plain forecast", unequal, "", 0);
verdict("days whose drivers miss the forecast by a cent", cents, "", 0);
closeConnections();
