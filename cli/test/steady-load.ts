import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What became of one request. */
export interface Fate {
  /** refused: nobody listened; dropped: the connection was taken but no whole answer came */
  kind: "answered" | "refused" | "dropped";
  status: number | null;
  ms: number;
}

export interface SteadyLoad {
  fates: Fate[];
  /** ask nothing more and wait for what is under way */
  stop(): Promise<void>;
}

/**
 * Ask at a constant rate, whether answers come or not, each time on a connection of its own.
 *
 * @param paths asked in turn
 */
export function steadyLoad(url: string, paths: readonly string[], perSecond: number): SteadyLoad {
  const fates: Fate[] = [];
  const underWay = new Set<Promise<void>>();
  let asked = 0;
  const started = performance.now();
  const timer = setInterval(() => {
    // a late timer catches up, so that the rate holds
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
    for (; asked < due; asked++) {
      const one = ask(`${url}${paths[asked % paths.length]}`).then((fate) => {
        fates.push(fate);
        underWay.delete(one);
      });
      underWay.add(one);
    }
  }, 5);
  return {
    fates,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** One request and what becomes of it. */
export function ask(url: string): Promise<Fate> {
  const began = performance.now();
  return new Promise((resolve) => {
    let connected = false;
    let status: number | null = null;
    const end = (kind: Fate["kind"]) => resolve({ kind, status, ms: performance.now() - began });
    const request = get(url, { agent: false, timeout: 30_000 }, (response) => {
      status = response.statusCode ?? null;
      response.resume();
      response.on("end", () => end("answered"));
      response.on("error", () => end("dropped"));
    });
    request.on("socket", (socket) => socket.once("connect", () => (connected = true)));
    request.on("timeout", () => request.destroy());
    request.on("error", () => end(connected ? "dropped" : "refused"));
  });
}

/** Wait until a condition holds, for ever if need be: the caller has its own limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
