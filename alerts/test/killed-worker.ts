/**
 * A worker that kills itself (SIGKILL, so that nothing is cleaned up) at a named point. Started by tests and benchmarks as a process
 * of its own; what to do comes as JSON in the first argument.
 */
import { createRandom } from "@rossmann/core";
import { openDatabase } from "@rossmann/warehouse";
import pg from "pg";
import { type Channel, createGuard, createPostman, type Postman } from "../src/index.ts";
import { channelsOf, dispatcherOf, evaluate, policiesOf } from "./parts.ts";

export type FailPoint =
  | "claiming"
  | "claim_commit"
  | "before_send"
  | "after_send"
  | "completing"
  | "completion_commit"
  | "after_completion"
  | "any_statement"
  | "never";

export interface WorkerOrder {
  databaseUrl: string;
  work: "dispatch" | "evaluate";
  sinkUrl: string;
  policies: string[];
  killAt: FailPoint;
  /** at which occurrence of the point, 1 for the first */
  occurrence: number;
  leaseMs?: number;
}

const order = JSON.parse(process.argv[2] ?? "{}") as WorkerOrder;
let seen = 0;
let inside: "claim" | "completion" | null = null;

function reach(point: Exclude<FailPoint, "never">): void {
  if (point === order.killAt && ++seen >= order.occurrence) process.kill(process.pid, "SIGKILL");
}

/** Watches statements as they leave for the server: the only place that sees begin and commit. */
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
  const first = args[0];
  const text = typeof first === "string" ? first : ((first as { text?: string }).text ?? "");
  reach("any_statement");
  if (text.includes("for update skip locked")) {
    reach("claiming");
    inside = "claim";
  } else if (text.includes("with ended as")) {
    reach("completing");
    inside = "completion";
  } else if (text === "commit") {
    if (inside === "claim") reach("claim_commit");
    if (inside === "completion") reach("completion_commit");
    if (inside === "completion") setImmediate(() => reach("after_completion"));
    inside = null;
  }
  return Reflect.apply(query, this, args) as never;
} as typeof query;

const db = openDatabase(order.databaseUrl, { poolSize: 2, applicationName: "killed-worker" });
const channels: Channel[] = channelsOf({ id: "hook", url: order.sinkUrl });

if (order.work === "evaluate") {
  await evaluate(db, policiesOf(...order.policies), channels);
} else {
  const real = createPostman({
    guard: createGuard(["127.0.0.1/32"]),
    logFolder: "/nowhere",
    nowMs: Date.now,
  });
  const postman: Postman = {
    async deliver(channel, request) {
      reach("before_send");
      const result = await real.deliver(channel, request);
      reach("after_send");
      return result;
    },
    close: real.close,
  };
  const dispatcher = dispatcherOf(db, channels, postman, {
    ownerId: `child:${process.pid}:${createRandom(process.pid).integer(0, 1e9)}`,
    leaseMs: order.leaseMs,
  });
  await dispatcher.drain();
}
process.exit(0);
