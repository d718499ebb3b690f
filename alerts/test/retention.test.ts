import { settingsSchema } from "@rossmann/core";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyRetention, keepDaysOf } from "../src/index.ts";
import { addRun, fillOutbox, rowsOf, silent } from "./parts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const now = new Date("2026-06-01T00:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const settings = Object.freeze({
  ...settingsSchema.parse({ RETENTION_DELIVERIES_DAYS: "30", RETENTION_AUDIT_DAYS: "0" }),
  home: "",
});

const apply = (dryRun: boolean) =>
  applyRetention(database.db, keepDaysOf(settings), { now, dryRun, logger: silent });
const rowsPerShelf = async (dryRun: boolean) =>
  Object.fromEntries(
    (await apply(dryRun)).filter(({ rows }) => rows > 0).map(({ shelf, rows }) => [shelf, rows]),
  );

test("what is older than its days goes with all that hangs on it; what still waits, works or is new stays", async () => {
  const { db } = database;
  await addRun(db, { at: daysAgo(401), blocked: true });
  await addRun(db, { at: daysAgo(399) });
  await fillOutbox(db, 6, ["hook"]);
  const old = daysAgo(31);
  await sql`update preflight_notification_event set created_at = ${old}`.execute(db);
  await sql`update preflight_notification_outbox set created_at = ${old}, status = 'SENT', sent_at = ${old}, sealed_at = ${old} where id in ('oe_1', 'oe_2', 'oe_3')`.execute(
    db,
  );
  await sql`update preflight_notification_outbox set created_at = ${old} where id = 'oe_4'`.execute(db);
  await sql`update preflight_notification_outbox set created_at = ${daysAgo(1)}, status = 'DEAD' where id = 'oe_5'`.execute(
    db,
  );
  await sql`
    insert into preflight_notification_delivery_attempt (attempt_id, outbox_item_id, event_id, delivery_id, channel_type,
      channel_target, event_type, alert_id, policy_id, attempt_number, owner)
    select 'a' || id, id, event_id, delivery_id, 'webhook', 'hook', event_type, alert_id, 'p', 1, 't'
    from preflight_notification_outbox`.execute(db);
  await sql`
    insert into etl_run_registry (run_id, status, started_at) values ('old', 'COMPLETED', ${daysAgo(500)}),
      ('works', 'RUNNING', ${daysAgo(500)}), ('new', 'COMPLETED', ${daysAgo(5)})`.execute(db);
  await sql`insert into preflight_alert_audit_event (alert_id, event_type, actor, event_at) values ('x', 'ACKED', 'me', ${daysAgo(9_000)})`.execute(
    db,
  );

  const expected = { deliveries: 3, preflight_runs: 1, loads: 1 };
  expect(await rowsPerShelf(true)).toEqual(expected);
  expect(await rowsPerShelf(false)).toEqual({ ...expected, notification_events: 3 });
  expect(await rowsPerShelf(false)).toEqual({});

  const ids = async (text: string) => (await rowsOf<{ id: string }>(db, text)).map(({ id }) => id);
  expect(await ids("select id from preflight_notification_outbox order by 1")).toEqual([
    "oe_4",
    "oe_5",
    "oe_6",
  ]);
  expect(
    await ids("select attempt_id as id from preflight_notification_delivery_attempt order by 1"),
  ).toEqual(["aoe_4", "aoe_5", "aoe_6"]);
  expect(await ids("select run_id as id from etl_run_registry order by 1")).toEqual(["new", "works"]);
  expect(await ids("select alert_id as id from preflight_alert_audit_event")).toEqual(["x"]);
});

test("counters do not fall, and what cannot be removed keeps nothing else", async () => {
  const { db } = database;
  const counted = async () =>
    (
      await rowsOf<{ value: number }>(
        db,
        "select sum(value) as value from metric_counter where name = 'preflight_blocked_total'",
      )
    )[0]!.value;
  const before = await counted();
  await sql`create table hangs_on (run_id varchar(64) references etl_run_registry (run_id))`.execute(db);
  await sql`insert into etl_run_registry (run_id, status, started_at) values ('held', 'FAILED', ${daysAgo(500)})`.execute(
    db,
  );
  await sql`insert into hangs_on values ('held')`.execute(db);
  await addRun(db, { at: daysAgo(500) });
  const report = await apply(false);
  expect(report.find(({ shelf }) => shelf === "loads")).toMatchObject({
    rows: 0,
    error: expect.stringMatching(/hangs_on/),
  });
  expect(report.find(({ shelf }) => shelf === "preflight_runs")).toMatchObject({ rows: 1, error: null });
  expect(await counted()).toBe(before);
});
