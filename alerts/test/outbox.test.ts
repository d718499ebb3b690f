import type { Db } from "@rossmann/warehouse";
import {
  channelStats,
  claimDeliveries,
  deliveryStats,
  deliveryTrends,
  listAttempts,
  listEndpointHealth,
  listOutbox,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createGuard,
  createPostman,
  enableChannel,
  replayDead,
  replayOne,
  startWebhookSink,
} from "../src/index.ts";
import { delivered, failed } from "../src/outbox/deliver.ts";
import {
  addRun,
  BLOCKED,
  channelsOf,
  clearRuns,
  dispatcherOf,
  evaluate,
  fakePostman,
  fillOutbox,
  policiesOf,
  rowsOf,
} from "./parts.ts";

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 12 });
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`
    truncate preflight_run_registry, preflight_alert_state, preflight_alert_history, preflight_notification_event,
      preflight_notification_outbox, preflight_notification_outbox_event, preflight_notification_log, preflight_alert_audit_event,
      preflight_notification_delivery_attempt, preflight_notification_attempt_outcome, preflight_notification_endpoint,
      metric_counter, preflight_notification_outbox_count cascade`.execute(db);
});

const hook = channelsOf({ id: "hook", yaml: "concurrency: 8" });
const statuses = () =>
  rowsOf<{ status: string; n: number }>(
    db,
    "select status, count(*) as n from preflight_notification_outbox group by 1 order by 1",
  );
const makeDue = () =>
  sql`update preflight_notification_outbox set next_retry_at = now() - interval '1 second' where status in ('PENDING', 'RETRYING')`.execute(
    db,
  );

describe("delivery", () => {
  test("W2: two dispatchers and 2,000 events over HTTP: exactly one attempt each", async () => {
    const seen = new Map<string, number>();
    const sink = await startWebhookSink({
      onDelivery: ({ eventId }) => seen.set(eventId!, (seen.get(eventId!) ?? 0) + 1),
    });
    const channels = channelsOf({ id: "a", url: sink.url }, { id: "b", url: sink.url });
    await fillOutbox(db, 2_000, ["a", "b"]);
    const postman = createPostman({
      guard: createGuard(["127.0.0.1/32"]),
      logFolder: "/nowhere",
      nowMs: Date.now,
    });
    const reports = await Promise.all([
      dispatcherOf(db, channels, postman).drain(),
      dispatcherOf(db, channels, postman).drain(),
    ]);
    await postman.close();
    await sink.close();

    expect(reports[0]!.sent + reports[1]!.sent).toBe(2_000);
    expect(Math.min(...reports.map(({ sent }) => sent))).toBeGreaterThan(0);
    expect(seen.size).toBe(2_000);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
    expect(await statuses()).toEqual([{ status: "SENT", n: 2_000 }]);
    expect(
      await rowsOf(db, "select attempt_status, count(*) as n from v_notification_attempt group by 1"),
    ).toEqual([{ attempt_status: "SENT", n: 2_000 }]);
  });

  test("a failed delivery is tried again later with the same event id and another delivery id", async () => {
    let round = 0;
    const { postman, sent } = fakePostman(() =>
      round++ === 0 ? failed("HTTP_ERROR", "HTTP 500", { httpStatus: 500 }) : delivered(200, "ok"),
    );
    await fillOutbox(db, 1, ["hook"]);
    expect(await dispatcherOf(db, hook, postman).drain()).toMatchObject({ retrying: 1 });
    expect(await dispatcherOf(db, hook, postman).drain()).toMatchObject({ processed: 0 });
    expect((await listOutbox(db))[0]).toMatchObject({
      status: "RETRYING",
      attemptCount: 1,
      lastHttpStatus: 500,
      lastErrorCode: "HTTP_ERROR",
      isBeingSent: false,
    });
    await makeDue();
    expect(await dispatcherOf(db, hook, postman).drain()).toMatchObject({ sent: 1 });
    expect(sent[0]!.eventId).toBe(sent[1]!.eventId);
    expect(sent[0]!.request.deliveryId).not.toBe(sent[1]!.request.deliveryId);
    expect(sent[0]!.payload).toBe(sent[1]!.payload);
    expect(
      (await listAttempts(db)).map(({ attemptStatus, attemptNumber }) => [attemptNumber, attemptStatus]),
    ).toEqual([
      [2, "SENT"],
      [1, "RETRY"],
    ]);
  });

  test("after the last wait of the schedule it is given up, and nothing before", async () => {
    const channels = channelsOf({ id: "hook", yaml: "retry_schedule_seconds: [1, 1]" });
    const { postman, sent } = fakePostman(() => failed("NETWORK_ERROR", "the connection was refused"));
    await fillOutbox(db, 1, ["hook"]);
    for (let i = 0; i < 5; i++) {
      await dispatcherOf(db, channels, postman).drain();
      await makeDue();
    }
    expect(sent).toHaveLength(3);
    expect(await statuses()).toEqual([{ status: "DEAD", n: 1 }]);
  });

  test("410 disables the endpoint: what is queued waits, and goes out once it is enabled again", async () => {
    let gone = true;
    const { postman, sent } = fakePostman(() =>
      gone ? failed("ENDPOINT_GONE", "HTTP 410", { httpStatus: 410, isGone: true }) : delivered(200, ""),
    );
    await fillOutbox(db, 1, ["hook"], "first");
    await dispatcherOf(db, hook, postman).drain();
    await fillOutbox(db, 3, ["hook"], "later");
    await dispatcherOf(db, hook, postman).drain();
    expect(sent).toHaveLength(1);
    expect(await statuses()).toEqual([
      { status: "DEAD", n: 1 },
      { status: "PENDING", n: 3 },
    ]);
    expect(await listEndpointHealth(db)).toMatchObject([
      { channelTarget: "hook", disabledReason: "the receiver answered 410" },
    ]);
    expect(await rowsOf(db, "select event_type from preflight_alert_audit_event")).toEqual([
      { event_type: "ENDPOINT_DISABLED" },
    ]);
    gone = false;
    expect(await enableChannel(db, "hook", "ann")).toBe(true);
    await dispatcherOf(db, hook, postman).drain();
    expect(sent).toHaveLength(4);
  });

  test("five failures in a row open the circuit: one probe at a time, and one success closes it", async () => {
    let down = true;
    const one = channelsOf({ id: "hook", yaml: "concurrency: 1" });
    const { postman, sent } = fakePostman(() =>
      down ? failed("NETWORK_ERROR", "refused") : delivered(200, ""),
    );
    await fillOutbox(db, 30, ["hook"]);
    await dispatcherOf(db, one, postman, { batchSize: 1 }).drain();
    const tried = sent.length;
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(8);
    expect((await listEndpointHealth(db))[0]!.openUntil).not.toBeNull();
    await sql`update preflight_notification_endpoint set open_until = now() - interval '1 second'`.execute(
      db,
    );
    await dispatcherOf(db, hook, postman).drain();
    expect(sent).toHaveLength(tried + 1);
    down = false;
    await sql`update preflight_notification_endpoint set open_until = now() - interval '1 second'`.execute(
      db,
    );
    await makeDue();
    await dispatcherOf(db, hook, postman).drain();
    expect(await statuses()).toEqual([{ status: "SENT", n: 30 }]);
    expect(await listEndpointHealth(db)).toMatchObject([{ consecutiveFailures: 0, openUntil: null }]);
  });

  test("notifications of a channel that is switched off wait; they are not given up", async () => {
    await fillOutbox(db, 2, ["other"]);
    const { postman, sent } = fakePostman();
    await dispatcherOf(db, hook, postman).drain();
    expect(sent).toEqual([]);
    expect(await statuses()).toEqual([{ status: "PENDING", n: 2 }]);
  });

  test("limit bounds a round", async () => {
    await fillOutbox(db, 20, ["hook"]);
    expect(await dispatcherOf(db, hook, fakePostman().postman).drain({ limit: 7 })).toMatchObject({
      processed: 7,
    });
  });

  test("a worker that stops gives back what it has not begun, and that counts as no attempt", async () => {
    const stopping = new AbortController();
    const slow = channelsOf({ id: "hook", yaml: "concurrency: 1" });
    const { postman, sent } = fakePostman(async () => {
      stopping.abort();
      return delivered(200, "");
    });
    await fillOutbox(db, 3, ["hook"]);
    expect(await dispatcherOf(db, slow, postman).drain({ signal: stopping.signal })).toMatchObject({
      sent: sent.length,
    });
    expect(
      await rowsOf(
        db,
        "select attempt_count, lease_owner from preflight_notification_outbox where status = 'PENDING'",
      ),
    ).toEqual(Array.from({ length: 3 - sent.length }, () => ({ attempt_count: 0, lease_owner: null })));
  });

  test("J2: a holder that slept through its lease cannot write its result, and the ledger shows both", async () => {
    await fillOutbox(db, 1, ["hook"]);
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const first = fakePostman(async () => {
      await asleep;
      return failed("HTTP_ERROR", "HTTP 500");
    });
    const sleeping = dispatcherOf(db, hook, first.postman, { leaseMs: 2_000 }).drain();
    while (first.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await sql`update preflight_notification_outbox set lease_until = now() - interval '1 millisecond'`.execute(
      db,
    );
    const second = fakePostman();
    expect(await dispatcherOf(db, hook, second.postman).drain()).toMatchObject({ sent: 1, abandoned: 1 });
    wake();
    expect(await sleeping).toMatchObject({ processed: 0 });
    expect(await statuses()).toEqual([{ status: "SENT", n: 1 }]);
    expect(
      (await listAttempts(db)).map(({ attemptStatus, errorCode }) => [attemptStatus, errorCode]),
    ).toEqual([
      ["SENT", null],
      ["FAILED", "LEASE_EXPIRED"],
    ]);
    expect(first.sent[0]!.eventId).toBe(second.sent[0]!.eventId);
  });

  test("W5: one hanging endpoint among ten does not hold the others up", async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `c${i}`);
    const channels = channelsOf(...ids.map((id) => ({ id, yaml: "concurrency: 2, timeout_seconds: 3" })));
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const p95 = async (hanging: string | null) => {
      await sql`truncate preflight_notification_outbox, preflight_notification_outbox_event, preflight_notification_event cascade`.execute(
        db,
      );
      await fillOutbox(db, 400, ids, hanging ?? "none");
      const { postman } = fakePostman(async ({ id }) => {
        await pause(id === hanging ? 3_000 : 5);
        return id === hanging
          ? failed("TIMEOUT", "no complete answer", { isOverload: true })
          : delivered(200, "");
      });
      const startedAt = performance.now();
      const stopping = new AbortController();
      const draining = dispatcherOf(db, channels, postman).drain({ signal: stopping.signal });
      for (;;) {
        const [row] = await rowsOf<{ n: number }>(
          db,
          "select count(*) as n from preflight_notification_outbox where status = 'SENT'",
        );
        if (row!.n >= 360) break;
        await pause(5);
      }
      const took = performance.now() - startedAt;
      stopping.abort();
      await draining;
      return took;
    };
    await p95(null);
    const alone = await p95(null);
    const beside = await p95("c3");
    // The figure itself is a benchmark's; here only that nobody waits for the hanging one.
    expect(beside).toBeLessThan(Math.max(alone * 1.5, alone + 500));
  });
});

describe("groups", () => {
  const grouped = hook.map((channel) => ({
    ...channel,
    grouping: { ...channel.grouping, by: ["severity" as const] },
  }));
  const two = policiesOf(
    BLOCKED,
    '{id: failed, severity: HIGH, metric_type: fail_count, operator: ">=", threshold: 1}',
  );

  test("alerts of one group go out together, and a later one waits until the earlier has ended", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, two, grouped);
    const claim = await claimDeliveries(db, {
      ownerId: "other",
      leaseMs: 60_000,
      quotas: [{ channelTarget: "hook", limit: 5 }],
      opensAfter: 5,
      compose: () => '{"event_type":"ALERT_FIRING"}',
    });
    expect(claim.deliveries).toHaveLength(1);
    await addRun(db, { status: "FAIL" });
    await evaluate(db, two, grouped);
    expect(await rowsOf(db, "select status from preflight_notification_outbox")).toHaveLength(2);
    const { postman, sent } = fakePostman();
    await dispatcherOf(db, grouped, postman).drain();
    expect(sent).toHaveLength(0);
    await sql`update preflight_notification_outbox set lease_until = now() - interval '1 second' where lease_owner = 'other'`.execute(
      db,
    );
    await dispatcherOf(db, grouped, postman).drain();
    expect(sent).toHaveLength(2);
  });

  test("a resolve is never sent before its firing, nor when the firing was given up", async () => {
    await addRun(db, { blocked: true });
    const policies = policiesOf(BLOCKED);
    const once = channelsOf({ id: "hook", yaml: "retry_schedule_seconds: []" });
    await evaluate(db, policies, once);
    const refusing = fakePostman(() => failed("HTTP_ERROR", "HTTP 400", { httpStatus: 400 }));
    await dispatcherOf(db, once, refusing.postman).drain();
    await clearRuns(db);
    await evaluate(db, policies, once);
    const { postman, sent } = fakePostman();
    await dispatcherOf(db, once, postman).drain();
    expect(sent).toEqual([]);
    expect(await statuses()).toEqual([{ status: "DEAD", n: 1 }]);
  });

  test("a group's next notification waits for group_interval while it fires", async () => {
    const patient = grouped.map((channel) => ({
      ...channel,
      grouping: { ...channel.grouping, intervalMs: 600_000 },
    }));
    await addRun(db, { blocked: true });
    await evaluate(db, two, patient);
    const { postman, sent } = fakePostman();
    await dispatcherOf(db, patient, postman).drain();
    await addRun(db, { status: "FAIL" });
    await evaluate(db, two, patient);
    await dispatcherOf(db, patient, postman).drain();
    expect(sent).toHaveLength(1);
    const [next] = await rowsOf<{ minutes: number }>(
      db,
      "select extract(epoch from next_retry_at - now())::float8 / 60 as minutes from preflight_notification_outbox where status = 'PENDING'",
    );
    expect(next!.minutes).toBeGreaterThan(9);
  });
});

describe("replay", () => {
  const kill = async (count: number) => {
    const once = channelsOf({ id: "hook", yaml: "retry_schedule_seconds: []" });
    await fillOutbox(db, count, ["hook"]);
    await dispatcherOf(
      db,
      once,
      fakePostman(() => failed("HTTP_ERROR", "HTTP 400", { httpStatus: 400 })).postman,
    ).drain();
    await sql`update preflight_notification_endpoint set open_until = null, consecutive_failures = 0`.execute(
      db,
    );
    await dispatcherOf(
      db,
      once,
      fakePostman(() => failed("HTTP_ERROR", "HTTP 400", { httpStatus: 400 })).postman,
    ).drain();
  };

  test("asking twice gives one copy, with the same event id and a link to its source", async () => {
    await kill(1);
    const first = await replayOne(db, "oe_1", "ann");
    const second = await replayOne(db, "oe_1", "ann");
    expect(first).toMatchObject({
      isNew: true,
      item: { replayedFromId: "oe_1", eventId: "e_1", status: "PENDING", attemptCount: 0, lastError: null },
    });
    expect(second).toMatchObject({ isNew: false, item: { id: first.item.id } });
    const { postman, sent } = fakePostman();
    await dispatcherOf(db, hook, postman).drain();
    expect(sent).toMatchObject([{ eventId: "e_1", request: { replayedFromId: "oe_1" } }]);
    await expect(replayOne(db, "nothing", "ann")).rejects.toThrow("there is no notification nothing");
    expect(await rowsOf(db, "select event_type from preflight_alert_audit_event")).toEqual([
      { event_type: "REPLAYED" },
    ]);
  });

  test("a waiting notification cannot be replayed", async () => {
    await fillOutbox(db, 1, ["hook"]);
    await expect(replayOne(db, "oe_1", "ann")).rejects.toThrow(/PENDING: only SENT, DEAD and FAILED/);
  });

  test("replaying the dead twice copies each once, also when two people do it at the same moment", async () => {
    await kill(4);
    const both = await Promise.all([
      replayDead(db, "ann", { limit: 50 }),
      replayDead(db, "bob", { limit: 50 }),
    ]);
    expect(both.flat()).toHaveLength(4);
    expect(await replayDead(db, "ann", { limit: 50 })).toEqual([]);
    expect(
      await rowsOf(
        db,
        "select state, sum(value) as n from preflight_notification_outbox_count group by 1 order by 1",
      ),
    ).toEqual([
      { state: "dead", n: 0 },
      { state: "pending", n: 4 },
    ]);
  });

  test("a replay that was given up is replayed in its turn", async () => {
    await kill(1);
    const { item } = await replayOne(db, "oe_1", "ann");
    await sql`update preflight_notification_outbox set status = 'DEAD' where id = ${item.id}`.execute(db);
    const next = await replayOne(db, "oe_1", "ann");
    expect(next).toMatchObject({ isNew: true, item: { replayedFromId: item.id } });
  });
});

test("statistics are exact: outcomes, success of what ended for good, mean and interpolated 95th percentile", async () => {
  const { from, to } = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 60_000) };
  const ends = [
    ["SENT", 5_000, null],
    ["SENT", 1_500, null],
    ["RETRY", 1_000, "TIMEOUT"],
    ["RETRY", 2_000, "HTTP_ERROR"],
    ["DEAD", 1_000, "HTTP_ERROR"],
  ] as const;
  for (const [i, [status, ms, code]] of ends.entries()) {
    await sql`
      insert into preflight_notification_delivery_attempt
        (attempt_id, outbox_item_id, event_id, delivery_id, channel_type, channel_target, event_type, alert_id, policy_id, attempt_number, owner)
      values (${`a${i}`}, 'o', 'e', 'd', 'webhook', 'hook', 'ALERT_FIRING', 'a', 'p', 1, 'me')`.execute(db);
    await sql`
      insert into preflight_notification_attempt_outcome (attempt_id, attempt_status, channel_target, event_type, duration_ms, error_code)
      values (${`a${i}`}, ${status}, 'hook', 'ALERT_FIRING', ${ms}, ${code})`.execute(db);
  }
  await fillOutbox(db, 2, ["other"]);
  expect(await deliveryStats(db, { from, to })).toMatchObject({
    attempts: 5,
    sent: 2,
    retried: 2,
    dead: 1,
    replayed: 0,
    pending: 2,
    successRate: 2 / 3,
    avgLatencyMs: 2_100,
    p95LatencyMs: 4_400,
  });
  expect(await deliveryStats(db, { from: to, to })).toMatchObject({
    attempts: 0,
    successRate: null,
    avgLatencyMs: null,
    p95LatencyMs: null,
    oldestPendingAgeSeconds: null,
  });
  expect(await deliveryTrends(db, { from, to }, "day")).toMatchObject([
    { sent: 2, retried: 2, dead: 1, avgLatencyMs: 2_100 },
  ]);
  expect(await channelStats(db, { from, to })).toMatchObject([
    {
      channelTarget: "hook",
      sent: 2,
      pending: 0,
      successRate: 2 / 3,
      topErrorCodes: [
        { errorCode: "HTTP_ERROR", count: 2 },
        { errorCode: "TIMEOUT", count: 1 },
      ],
    },
    { channelTarget: "other", sent: 0, pending: 2, successRate: null, topErrorCodes: [] },
  ]);
});

test("pages follow each other without gaps or doubles", async () => {
  await fillOutbox(db, 25, ["hook"]);
  await dispatcherOf(db, hook, fakePostman().postman).drain();
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listOutbox(db, { after, limit: 10 });
    ids.push(...page.map(({ id }) => id));
    after = page.at(-1)?.id;
    if (page.length < 10) break;
  }
  expect(new Set(ids).size).toBe(25);
  const first = await listAttempts(db, { limit: 15 });
  const second = await listAttempts(db, { limit: 15, after: first.at(-1)!.attemptId });
  expect(new Set([...first, ...second].map(({ attemptId }) => attemptId)).size).toBe(25);
  expect(await listOutbox(db, { statuses: ["DEAD"] })).toEqual([]);
});

test("the ledger refuses changes", async () => {
  await fillOutbox(db, 1, ["hook"]);
  await dispatcherOf(db, hook, fakePostman().postman).drain();
  await expect(
    sql`update preflight_notification_delivery_attempt set owner = 'me'`.execute(db),
  ).rejects.toThrow("append-only");
  await expect(
    sql`update preflight_notification_attempt_outcome set http_status = 1`.execute(db),
  ).rejects.toThrow("append-only");
});

test("counters grow with the ledger, and do not fall when it is purged", async () => {
  await fillOutbox(db, 5, ["hook"]);
  await dispatcherOf(db, hook, fakePostman().postman).drain();
  await sql`delete from preflight_notification_delivery_attempt`.execute(db);
  const counted = await rowsOf<{ status: string; n: number }>(
    db,
    "select labels ->> 'attempt_status' as status, sum(value) as n from metric_counter where name = 'preflight_notifications_attempts_total' group by 1 order by 1",
  );
  expect(counted).toEqual([
    { status: "SENT", n: 5 },
    { status: "STARTED", n: 5 },
  ]);
});
