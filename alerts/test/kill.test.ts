import { setTimeout as sleep } from "node:timers/promises";
import { closeDatabase, type Db, listAlertHistory, openDatabase } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGuard, createPostman, startWebhookSink, type WebhookSink } from "../src/index.ts";
import { startGate } from "./gate.ts";
import type { FailPoint, WorkerOrder } from "./killed-worker.ts";
import {
  addRun,
  alertOf,
  BLOCKED,
  channelsOf,
  clearRuns,
  dispatcherOf,
  evaluate,
  fakePostman,
  fillOutbox,
  policiesOf,
  rowsOf,
  silent,
} from "./parts.ts";
import { runWorker } from "./run-worker.ts";

let database: TestDatabase;
let db: Db;
let sink: WebhookSink;
const received = new Map<string, number>();
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  sink = await startWebhookSink({
    onDelivery: ({ eventId }) => received.set(eventId!, (received.get(eventId!) ?? 0) + 1),
  });
});
afterAll(async () => {
  await sink.close();
  await database.close();
});
beforeEach(async () => {
  received.clear();
  await sql`
    truncate preflight_run_registry, preflight_alert_state, preflight_alert_history, preflight_alert_policy_health,
      preflight_notification_event, preflight_notification_outbox, preflight_notification_outbox_event, preflight_notification_log,
      preflight_notification_delivery_attempt, preflight_notification_attempt_outcome, preflight_notification_endpoint cascade`.execute(
    db,
  );
});

const order = (more: Partial<WorkerOrder>): WorkerOrder => ({
  databaseUrl: database.url,
  work: "dispatch",
  sinkUrl: sink.url,
  policies: [BLOCKED],
  killAt: "never",
  occurrence: 1,
  ...more,
});
/** Time passes for the leases of processes that are dead. */
const leasesRunOut = () =>
  sql`update preflight_notification_outbox set lease_until = now() - interval '1 ms' where lease_until is not null`.execute(
    db,
  );

test("W1, J1: a dispatcher killed at each named point loses nothing, leaves nothing stuck, and repeats only under the same id", async () => {
  const points: FailPoint[] = [
    "claim_commit",
    "before_send",
    "after_send",
    "completing",
    "completion_commit",
    "after_completion",
  ];
  await fillOutbox(db, 140, ["hook"]);
  for (const [i, killAt] of points.entries()) {
    expect([
      killAt,
      await runWorker(order({ killAt, occurrence: killAt.endsWith("send") ? 3 + i : 1 })),
    ]).toEqual([killAt, true]);
    await leasesRunOut();
  }
  expect(await runWorker(order({}))).toBe(false);

  expect(
    await rowsOf(db, "select status, count(*) as n from preflight_notification_outbox group by 1"),
  ).toEqual([{ status: "SENT", n: 140 }]);
  expect([...received.keys()].sort()).toEqual(Array.from({ length: 140 }, (_, i) => `e_${i + 1}`).sort());
  const [ledger] = await rowsOf<{ open: number; sent: number; failed: number }>(
    db,
    `select count(*) filter (where attempt_status = 'STARTED') as open, count(*) filter (where attempt_status = 'SENT') as sent,
       count(*) filter (where error_code = 'LEASE_EXPIRED') as failed from v_notification_attempt`,
  );
  expect(ledger).toMatchObject({ open: 0, sent: 140 });
  expect(ledger!.failed).toBeGreaterThan(0);
});

test("A2: evaluators killed at any statement neither miss nor double a firing", async () => {
  const policies = policiesOf(BLOCKED);
  let kills = 0;
  for (let round = 0; round < 4; round++) {
    if (round % 2 === 0) await addRun(db, { blocked: true });
    else await clearRuns(db);
    if (await runWorker(order({ work: "evaluate", killAt: "any_statement", occurrence: 3 + round * 4 })))
      kills++;
    await evaluate(db, policies, channelsOf({ id: "hook", url: sink.url }));
    await dispatcherOf(db, channelsOf({ id: "hook" }), fakePostman().postman).drain();
  }
  expect(kills).toBeGreaterThanOrEqual(3);
  const history = (await listAlertHistory(db)).reverse();
  expect(history.map(({ status }) => status)).toEqual(["FIRING", "RESOLVED", "FIRING", "RESOLVED"]);
  expect(
    await rowsOf(
      db,
      "select event_type, count(*) as n from preflight_notification_outbox group by 1 order by 1",
    ),
  ).toEqual([
    { event_type: "ALERT_FIRING", n: 2 },
    { event_type: "ALERT_RESOLVED", n: 2 },
  ]);
});

test("A2: a restart inside the for time neither shortens nor restarts it", async () => {
  const policies = policiesOf(
    '{id: slow, metric_type: blocked_count, operator: ">=", threshold: 1, for: 10m}',
  );
  await addRun(db, { blocked: true });
  await evaluate(db, policies);
  expect(await alertOf(db, "slow")).toMatchObject({ status: "PENDING" });
  await sql`update preflight_alert_state set first_seen_at = first_seen_at - interval '9 min', last_evaluated_at = last_evaluated_at - interval '9 min'`.execute(
    db,
  );
  await runWorker(
    order({
      work: "evaluate",
      policies: ['{id: slow, metric_type: blocked_count, operator: ">=", threshold: 1, for: 10m}'],
    }),
  );
  expect(await alertOf(db, "slow")).toMatchObject({ status: "PENDING" });
  await sql`update preflight_alert_state set first_seen_at = first_seen_at - interval '1 min', last_evaluated_at = last_evaluated_at - interval '1 min'`.execute(
    db,
  );
  await runWorker(
    order({
      work: "evaluate",
      policies: ['{id: slow, metric_type: blocked_count, operator: ">=", threshold: 1, for: 10m}'],
    }),
  );
  expect(await alertOf(db, "slow")).toMatchObject({ status: "FIRING", firingNo: 1 });
});

test("J4: a database that goes away during deliveries loses none, and they go on when it is back", async () => {
  const gate = await startGate(database.url);
  const away = openDatabase(gate.url, { poolSize: 4, connectTimeoutMs: 500, logger: silent });
  const postman = createPostman({
    guard: createGuard(["127.0.0.1/32"]),
    logFolder: "/nowhere",
    nowMs: Date.now,
  });
  const dispatcher = dispatcherOf(away, channelsOf({ id: "hook", url: sink.url }), postman, {
    leaseMs: 2_000,
  });
  await fillOutbox(db, 600, ["hook"]);
  let stopped = false;
  const working = (async () => {
    while (!stopped) await dispatcher.drain().catch(() => sleep(50));
  })();
  while (received.size < 100) await sleep(5);
  gate.shut();
  await sleep(1_000);
  gate.open();
  const backAt = performance.now();
  while (received.size < 600) await sleep(10);
  const recoveredMs = performance.now() - backAt;
  stopped = true;
  await working;
  await leasesRunOut();
  await dispatcher.drain();
  await closeDatabase(away);
  await gate.close();
  await postman.close();
  expect(recoveredMs).toBeLessThan(10_000);
  expect(
    await rowsOf(db, "select status, count(*) as n from preflight_notification_outbox group by 1"),
  ).toEqual([{ status: "SENT", n: 600 }]);
  expect(received.size).toBe(600);
});
