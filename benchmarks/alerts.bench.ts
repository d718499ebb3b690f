/**
 * Alerts and notifications: what is lost, what is doubled, and how fast it goes. On a PostgreSQL server of its own in a temporary
 * folder (the bundled one with its ordinary durability).
 *
 *     node benchmarks/alerts.bench.ts [--only throughput,claim,scrape,w1,w2,w5,j1,j3,j4,a2] [--rounds 30] [--rows 1000000]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  type Channel,
  createGuard,
  createPostman,
  createTicker,
  registerSharedMetrics,
  startWebhookSink,
} from "@rossmann/alerts";
import { createLogger, createRandom } from "@rossmann/core";
import {
  claimDeliveries,
  closeDatabase,
  type Db,
  migrate,
  openDatabase,
  startEmbedded,
} from "@rossmann/warehouse";
import { sql } from "kysely";
import { Registry } from "prom-client";
import type { FailPoint, WorkerOrder } from "../alerts/test/killed-worker.ts";
import {
  addRun,
  BLOCKED,
  channelsOf,
  clearRuns,
  delivered,
  dispatcherOf,
  evaluate,
  failed,
  fakePostman,
  fillOutbox,
  policiesOf,
  rowsOf,
} from "../alerts/test/parts.ts";
import { runWorker } from "../alerts/test/run-worker.ts";

const { values: args } = parseArgs({
  options: {
    only: { type: "string", default: "throughput,claim,scrape,w1,w2,w5,j1,j3,j4,a2" },
    rounds: { type: "string", default: "30" },
    rows: { type: "string", default: "1000000" },
    receiver: { type: "boolean", default: false },
  },
});
if (args.receiver) await beReceiver();
else await measure(new Set(args.only.split(",")), Number(args.rounds), Number(args.rows));

async function measure(only: Set<string>, rounds: number, rows: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "alerts-bench-"));
  let server = await startEmbedded({ home, logger: createLogger("silent") });
  const db = openDatabase(server.url, {
    poolSize: 12,
    statementTimeoutMs: 600_000,
    logger: createLogger("silent"),
  });
  await migrate(db);
  const chapters: Record<string, () => Promise<string>> = {
    throughput: () => throughput(db),
    claim: () => claimTimes(db, rows),
    scrape: () => scrapeTimes(db, rows),
    w1: () => killedDispatchers(db, server.url, 50, 2_000),
    w2: () => twoDispatchers(db, server.url, 10_000),
    w5: () => hangingEndpoint(db),
    j1: () => failPoints(db, server.url, rounds),
    j3: () => manySchedulers(db, 1_000),
    j4: () =>
      restart(db, async () => {
        await server.stop();
        server = await startEmbedded({ home, logger: createLogger("silent") });
      }),
    a2: () => killedEvaluators(db, server.url, 200),
  };
  try {
    for (const [name, chapter] of Object.entries(chapters)) {
      if (only.has(name)) console.log(`${name.padEnd(11)}${await chapter()}`);
    }
  } finally {
    await closeDatabase(db);
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function empty(db: Db): Promise<void> {
  await sql`
    truncate preflight_run_registry, preflight_alert_state, preflight_alert_history, preflight_alert_policy_health,
      preflight_notification_event, preflight_notification_outbox, preflight_notification_outbox_event, preflight_notification_log,
      preflight_notification_delivery_attempt, preflight_notification_attempt_outcome, preflight_notification_endpoint,
      preflight_notification_outbox_count, preflight_scheduler_job cascade`.execute(db);
  await sql`analyze`.execute(db);
}

/** 10,000 notifications to one healthy receiver, which is a process of its own. */
async function throughput(db: Db): Promise<string> {
  await empty(db);
  const receiver = await startReceiver();
  await fillOutbox(db, 10_000, ["hook"]);
  const postman = realPostman();
  const channels = channelsOf({ id: "hook", url: receiver.url, yaml: "concurrency: 16" });
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const report = await dispatcherOf(db, channels, postman, { batchSize: 200 }).drain();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await postman.close();
  receiver.stop();
  return `${report.sent} deliveries in ${seconds.toFixed(1)} s: ${Math.round(report.sent / seconds)} per second (target 500); ${((user + system) / 1e6).toFixed(1)} s of one core in the dispatcher`;
}

/** Half of the rows are due, over ten channels; the others are done. */
async function fillMillion(db: Db, rows: number): Promise<void> {
  const [{ n }] = (await rowsOf<{ n: number }>(
    db,
    "select count(*) as n from preflight_notification_outbox",
  )) as [{ n: number }];
  if (n >= rows * 0.9) return;
  await empty(db);
  const channels = Array.from({ length: 10 }, (_, i) => `c${i}`);
  for (let part = 0; part < 10; part++) await fillOutbox(db, rows / 10, channels, `m${part}`);
  await sql`update preflight_notification_outbox set status = 'SENT', sent_at = now(), sealed_at = now() where sequence % 20 < 10`.execute(
    db,
  );
  await sql`vacuum analyze preflight_notification_outbox`.execute(db);
  await sql`vacuum analyze preflight_notification_outbox_event`.execute(db);
  await sql`vacuum analyze preflight_notification_event`.execute(db);
}

async function claimTimes(db: Db, rows: number): Promise<string> {
  await fillMillion(db, rows);
  const quotas = Array.from({ length: 10 }, (_, i) => ({ channelTarget: `c${i}`, limit: 5 }));
  const claim = () =>
    claimDeliveries(db, {
      ownerId: "bench",
      leaseMs: 600_000,
      quotas,
      opensAfter: 5,
      compose: (eventId) => JSON.stringify({ event_type: "ALERT_FIRING", event_id: eventId }),
    });
  for (let i = 0; i < 20; i++) await claim();
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const startedAt = performance.now();
    const { deliveries } = await claim();
    times.push(performance.now() - startedAt);
    if (deliveries.length !== 50) throw new Error(`claimed ${deliveries.length}`);
  }
  return `claim of 50 from ${rows} rows over ten channels: ${percentiles(times)} (target p95 10 ms)`;
}

async function scrapeTimes(db: Db, rows: number): Promise<string> {
  await fillMillion(db, rows);
  const registry = new Registry();
  registerSharedMetrics({
    db,
    channelIds: async () => Array.from({ length: 10 }, (_, i) => `c${i}`),
    registry,
  });
  await registry.metrics();
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    await sleep(510);
    const startedAt = performance.now();
    await registry.metrics();
    times.push(performance.now() - startedAt);
  }
  return `scrape with an outbox of ${rows} rows: ${percentiles(times)} (target p95 50 ms)`;
}

/** Dispatcher processes, each killed at a random statement, until the events are through. */
async function killedDispatchers(db: Db, url: string, kills: number, events: number): Promise<string> {
  await empty(db);
  const random = createRandom(1);
  const sink = await startCountingSink();
  await fillOutbox(db, events, ["hook"]);
  let killed = 0;
  for (let round = 0; round < kills; round++) {
    const points: FailPoint[] = [
      "any_statement",
      "before_send",
      "after_send",
      "completing",
      "completion_commit",
      "claim_commit",
    ];
    const killAt = points[random.integer(0, points.length - 1)]!;
    const occurrence = killAt.endsWith("send")
      ? random.integer(1, 30)
      : killAt === "any_statement"
        ? random.integer(1, 9)
        : 1;
    if (await runWorker(order(url, sink.url, { killAt, occurrence }))) killed++;
    await leasesRunOut(db);
  }
  while (await runWorker(order(url, sink.url, {}))) await leasesRunOut(db);
  await sink.close();
  return `${killed} of ${kills} dispatchers killed, ${events} events: ${await outcome(db, sink.seen, events)}`;
}

async function twoDispatchers(db: Db, url: string, events: number): Promise<string> {
  await empty(db);
  const sink = await startCountingSink();
  await fillOutbox(db, events, ["hook"]);
  await Promise.all([runWorker(order(url, sink.url, {})), runWorker(order(url, sink.url, {}))]);
  await sink.close();
  const [row] = await rowsOf<{ attempts: number; owners: number }>(
    db,
    "select count(*) as attempts, count(distinct owner) as owners from preflight_notification_delivery_attempt",
  );
  return `${row!.owners} dispatcher processes, ${events} events: ${row!.attempts} attempts, ${await outcome(db, sink.seen, events)}`;
}

/** 20 events per second to each of ten channels; delay = from creation to arrival. */
async function hangingEndpoint(db: Db): Promise<string> {
  const ids = Array.from({ length: 10 }, (_, i) => `c${i}`);
  const channels: Channel[] = channelsOf(
    ...ids.map((id) => ({ id, yaml: "concurrency: 4, timeout_seconds: 5" })),
  );
  const run = async (hanging: string | null) => {
    await empty(db);
    const delays: number[] = [];
    const createdAt = new Map<string, number>();
    const { postman } = fakePostman(async ({ id }, { eventId }) => {
      if (id === hanging) {
        await sleep(5_000);
        return failed("TIMEOUT", "no complete answer", { isOverload: true });
      }
      await sleep(10);
      delays.push(performance.now() - createdAt.get(eventId)!);
      return delivered(200, "");
    });
    const stopping = new AbortController();
    const dispatcher = dispatcherOf(db, channels, postman);
    const draining = (async () => {
      while (!stopping.signal.aborted) {
        await dispatcher.drain({ signal: stopping.signal });
        await sleep(50);
      }
    })();
    for (let tick = 0; tick < 100; tick++) {
      for (let i = 0; i < 20; i++) createdAt.set(`t${tick}_${i + 1}`, performance.now());
      await fillOutbox(db, 20, ids, `t${tick}`);
      await sleep(100);
    }
    await sleep(500);
    stopping.abort();
    await draining;
    return delays;
  };
  await run(null);
  const alone = await run(null);
  const beside = await run("c3");
  const change = (100 * (quantile(beside, 0.95) - quantile(alone, 0.95))) / quantile(alone, 0.95);
  return `ten channels, 200 events/s: p95 delay ${quantile(alone, 0.95).toFixed(0)} ms all healthy, ${quantile(beside, 0.95).toFixed(0)} ms beside a hanging one (${change.toFixed(1)} %, target below 10 %)`;
}

async function failPoints(db: Db, url: string, rounds: number): Promise<string> {
  await empty(db);
  const sink = await startCountingSink();
  const points: FailPoint[] = [
    "claim_commit",
    "before_send",
    "after_send",
    "completing",
    "completion_commit",
    "after_completion",
  ];
  const events = points.length * rounds * 10;
  await fillOutbox(db, events, ["hook"]);
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    for (const killAt of points) {
      if (await runWorker(order(url, sink.url, { killAt, occurrence: killAt.endsWith("send") ? 5 : 1 })))
        killed++;
      await leasesRunOut(db);
    }
  }
  await runWorker(order(url, sink.url, {}));
  await sink.close();
  const [row] = await rowsOf<{ stuck: number }>(
    db,
    "select count(*) as stuck from preflight_notification_outbox where lease_owner is not null",
  );
  return `${points.length} points x ${rounds} rounds, ${killed} killed: ${row!.stuck} stuck, ${await outcome(db, sink.seen, events)}`;
}

async function manySchedulers(db: Db, ticks: number): Promise<string> {
  await empty(db);
  const slots: number[] = [];
  const tickers = Array.from({ length: 10 }, (_, i) =>
    createTicker({
      db,
      job: "bench",
      intervalMs: 20,
      ownerId: `s${i}`,
      lease: null,
      work: async ({ slot }) => void slots.push(slot),
      logger: createLogger("silent"),
    }),
  );
  const never = new AbortController().signal;
  while (slots.length < ticks) await Promise.all(tickers.map((ticker) => ticker.tick(never)));
  return `10 schedulers, ${slots.length} ticks: ${slots.length - new Set(slots).size} begun twice`;
}

async function restart(db: Db, restartServer: () => Promise<void>): Promise<string> {
  await empty(db);
  const sink = await startCountingSink();
  await fillOutbox(db, 5_000, ["hook"]);
  const postman = realPostman();
  const dispatcher = dispatcherOf(db, channelsOf({ id: "hook", url: sink.url }), postman, { leaseMs: 2_000 });
  let stopped = false;
  const working = (async () => {
    while (!stopped) await dispatcher.drain().catch(() => sleep(50));
  })();
  while (sink.seen.size < 500) await sleep(5);
  await restartServer();
  const backAt = performance.now();
  const before = sink.seen.size;
  while (sink.seen.size === before) await sleep(2);
  const recovered = performance.now() - backAt;
  while (sink.seen.size < 5_000) await sleep(50);
  stopped = true;
  await working;
  await leasesRunOut(db);
  await dispatcher.drain();
  await postman.close();
  await sink.close();
  return `database restarted during 5,000 deliveries: next delivery ${recovered.toFixed(0)} ms after its return (target 10 s), ${await outcome(db, sink.seen, 5_000)}`;
}

async function killedEvaluators(db: Db, url: string, rounds: number): Promise<string> {
  await empty(db);
  const random = createRandom(2);
  const policies = policiesOf(BLOCKED);
  const channels = channelsOf({ id: "hook" });
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) await addRun(db, { blocked: true });
    else await clearRuns(db);
    if (
      await runWorker(
        order(url, "http://127.0.0.1:9/", {
          work: "evaluate",
          killAt: "any_statement",
          occurrence: random.integer(1, 22),
        }),
      )
    )
      killed++;
    await evaluate(db, policies, channels);
    await dispatcherOf(db, channels, fakePostman().postman).drain();
  }
  const history = await rowsOf<{ status: string; n: number }>(
    db,
    "select status, count(*) as n from preflight_alert_history group by 1 order by 1",
  );
  const told = await rowsOf<{ event_type: string; n: number }>(
    db,
    "select event_type, count(*) as n from preflight_notification_outbox group by 1 order by 1",
  );
  return `${killed} of ${rounds} evaluators killed: history ${history.map(({ status, n }) => `${status} ${n}`).join(", ")}; notices ${told.map(({ event_type, n }) => `${event_type} ${n}`).join(", ")} (expected ${rounds / 2} of each)`;
}

function order(databaseUrl: string, sinkUrl: string, more: Partial<WorkerOrder>): WorkerOrder {
  return {
    databaseUrl,
    work: "dispatch",
    sinkUrl,
    policies: [BLOCKED],
    killAt: "never",
    occurrence: 1,
    ...more,
  };
}

async function leasesRunOut(db: Db): Promise<void> {
  await sql`update preflight_notification_outbox set lease_until = now() - interval '1 ms' where lease_until is not null`.execute(
    db,
  );
}

async function outcome(db: Db, seen: ReadonlyMap<string, number>, events: number): Promise<string> {
  const [row] = await rowsOf<{ sent: number }>(
    db,
    "select count(*) as sent from preflight_notification_outbox where status = 'SENT'",
  );
  const doubles = [...seen.values()].reduce((sum, times) => sum + times - 1, 0);
  return `${events - seen.size} lost, ${row!.sent} sent, ${doubles} received again under the same event id`;
}

async function startCountingSink() {
  const seen = new Map<string, number>();
  const sink = await startWebhookSink({
    onDelivery: ({ eventId }) => seen.set(eventId!, (seen.get(eventId!) ?? 0) + 1),
  });
  return { ...sink, seen };
}

function realPostman() {
  return createPostman({ guard: createGuard(["127.0.0.1/32"]), logFolder: tmpdir(), nowMs: Date.now });
}

async function startReceiver(): Promise<{ url: string; stop: () => void }> {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url), "--receiver"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve) =>
    child.stdout!.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  return { url, stop: () => child.kill() };
}

async function beReceiver(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

function percentiles(times: number[]): string {
  return `p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms, max ${Math.max(...times).toFixed(1)} ms`;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(q * sorted.length), sorted.length - 1)]!;
}
