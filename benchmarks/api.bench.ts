/**
 * Latency of the API at a constant arrival rate.
 *
 * Requests start on a fixed timetable whether or not earlier ones have been answered, and each one is timed from the moment
 * it was due: a server that stalls is charged for everybody who had to wait, which a closed loop would hide.
 *
 *   node benchmarks/api.bench.ts [--url http://127.0.0.1:8000] [--rate 50] [--seconds 60] [--only chain-kpi,forecast]
 */
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";

interface Question {
  name: string;
  /** 95 of 100 answers are to come within this */
  targetP95Ms: number;
  method: "GET" | "POST";
  /** path and body of the n-th request */
  make: (n: number) => { path: string; body?: string };
}

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
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One answer: milliseconds from when the request was due to the last byte. */
interface Timing {
  ms: number;
  status: number;
  bytes: number;
}

function ask(path: string, method: string, body: string | undefined, due: number): Promise<Timing> {
  return new Promise((resolve) => {
    const headers: Record<string, string> = { "accept-encoding": "br, gzip" };
    if (body !== undefined) headers["content-type"] = "application/json";
    const failed = () => resolve({ ms: performance.now() - due, status: 0, bytes: 0 });
    const call = request(new URL(path, values.url), { method, agent, headers }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () =>
        resolve({ ms: performance.now() - due, status: response.statusCode ?? 0, bytes }),
      );
      response.on("error", failed);
    });
    call.on("error", failed);
    call.end(body);
  });
}

async function json<Body>(path: string): Promise<Body> {
  const response = await fetch(new URL(path, values.url));
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

async function measure(question: Question, storeIds: readonly number[]): Promise<void> {
  const count = Math.round(rate * seconds);
  const answers: Promise<Timing>[] = [];
  const start = performance.now() + 50;
  for (let n = 0; n < count; n++) {
    const due = start + (n * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const { path, body } = question.make(n % storeIds.length);
    answers.push(ask(path, question.method, body, due));
  }
  const timings = await Promise.all(answers);
  const elapsed = (performance.now() - start) / 1000;
  const ordered = timings.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (q: number) => ordered[Math.min(ordered.length - 1, Math.ceil(q * ordered.length) - 1)]!;
  const errors = timings.filter(({ status }) => status !== 200).length;
  const kilobytes = timings.reduce((sum, { bytes }) => sum + bytes, 0) / timings.length / 1024;
  const cells = [
    question.name.padEnd(26),
    String(count).padStart(6),
    (count / elapsed).toFixed(1).padStart(6),
    ...[quantile(0.5), quantile(0.95), quantile(0.99), ordered.at(-1)!].map((ms) =>
      ms.toFixed(1).padStart(7),
    ),
    String(errors).padStart(6),
    kilobytes.toFixed(1).padStart(8),
    `${question.targetP95Ms} ms ${quantile(0.95) <= question.targetP95Ms && errors === 0 ? "held" : "MISSED"}`,
  ];
  console.log(cells.join("  "));
}

const summary = await json<{ date_from: string; date_to: string }>("/api/v1/system/summary");
const stores = await json<{ store_id: number }[]>("/api/v1/stores");
// Every request another store, in a scattered order, so that no cache of one store answers for all.
const storeIds = stores
  .map(({ store_id }) => store_id)
  .sort((a, b) => ((a * 7919) % 1117) - ((b * 7919) % 1117));
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
console.log(
  "question                    count  per s      p50      p95      p99      max  errors  KiB/ans  p95 target",
);
for (const question of questions) {
  if (only !== undefined && !only.includes(question.name)) continue;
  // A server that has just started compiles its code on the first few answers.
  for (let n = 0; n < 20; n++) {
    const { path, body } = question.make(n % storeIds.length);
    await ask(path, question.method, body, performance.now());
  }
  await measure(question, storeIds);
}
agent.destroy();
