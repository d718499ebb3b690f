/**
 * Latency at a constant arrival rate. Requests start on a fixed timetable whether or not earlier ones have been answered, and
 * each one is timed from the moment it was due: a server that stalls is charged for everybody who had to wait, which a
 * closed loop would hide.
 */
import { Agent, request } from "node:http";

export interface Question {
  name: string;
  /** 95 of 100 answers are to come within this */
  targetP95Ms: number;
  method: "GET" | "POST";
  /** path and body of the n-th request */
  make: (n: number) => { path: string; body?: string };
}

export interface Timetable {
  url: string;
  perSecond: number;
  seconds: number;
  /** n runs from 0 to below this, again and again */
  variants: number;
}

/** One answer: milliseconds from when the request was due to the last byte. */
interface Timing {
  ms: number;
  status: number;
  bytes: number;
}

const WARM_UP_REQUESTS = 20;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Ends the kept connections, so that the process can end. */
export const closeConnections = (): void => agent.destroy();

export function ask(
  url: string,
  { path, body }: { path: string; body?: string },
  method: string,
  due: number,
): Promise<Timing> {
  return new Promise((resolve) => {
    const headers: Record<string, string> = { "accept-encoding": "br, gzip" };
    if (body !== undefined) headers["content-type"] = "application/json";
    const failed = () => resolve({ ms: performance.now() - due, status: 0, bytes: 0 });
    const call = request(new URL(path, url), { method, agent, headers }, (response) => {
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

export async function json<Body>(url: string, path: string, body?: object): Promise<Body> {
  const options =
    body === undefined
      ? {}
      : {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        };
  const response = await fetch(new URL(path, url), options);
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

export const TABLE_HEADER =
  "question                    count  per s      p50      p95      p99      max  errors  KiB/ans  p95 target";

/** Ask on the timetable and print one line of the table. */
export async function measure(question: Question, timetable: Timetable): Promise<void> {
  const { url, perSecond, seconds, variants } = timetable;
  const next = (n: number, due: number) => ask(url, question.make(n % variants), question.method, due);
  // A server that has just started compiles its code on the first few answers.
  for (let n = 0; n < WARM_UP_REQUESTS; n++) await next(n, performance.now());
  const count = Math.round(perSecond * seconds);
  const answers: Promise<Timing>[] = [];
  const start = performance.now() + 50;
  for (let n = 0; n < count; n++) {
    const due = start + (n * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    answers.push(next(n, due));
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

/** In a scattered order, so that no cache of one store answers for all. */
export const scattered = (storeIds: readonly number[]): number[] =>
  storeIds.toSorted((a, b) => ((a * 7919) % 1117) - ((b * 7919) % 1117));
