import { closeDatabase, countUp, openDatabase, readCounters } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerSharedMetrics } from "../src/index.ts";
import { delivered, failed } from "../src/outbox/deliver.ts";
import {
  addRun,
  BLOCKED,
  channelsOf,
  dispatcherOf,
  evaluate,
  fakePostman,
  fillOutbox,
  policiesOf,
  silent,
} from "./parts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function scrape(db = database.db): Promise<string> {
  const registry = new Registry();
  registerSharedMetrics({ db, channelIds: async () => ["hook"], registry });
  return registry.metrics();
}

test("an empty database gives every family with zeros for the known label sets", async () => {
  const text = await scrape();
  for (const line of [
    'preflight_runs_total{final_status="FAIL",mode="enforce",source_name="train"} 0',
    'preflight_blocked_total{source_name="store"} 0',
    'preflight_latest_run_timestamp_seconds{source_name="train"} 0',
    'preflight_alerts_active{severity="HIGH",status="FIRING"} 0',
    'preflight_alert_transitions_total{event_type="FIRING"} 0',
    "preflight_alert_silences_active 0",
    "preflight_alerts_scheduler_last_tick_timestamp_seconds 0",
    "preflight_notifications_scheduler_last_tick_timestamp_seconds 0",
    'preflight_scheduler_never_started{job_name="alerts"} 1',
    'preflight_notifications_attempts_total{attempt_status="DEAD",channel_target="hook",event_type="ALERT_FIRING"} 0',
    'preflight_notifications_delivery_latency_ms_bucket{attempt_status="SENT",channel_target="hook",le="50"} 0',
    'preflight_notifications_delivery_latency_ms_count{attempt_status="SENT",channel_target="hook"} 0',
    "preflight_notifications_outbox_pending 0",
    "preflight_notifications_outbox_dead 0",
    "preflight_notifications_outbox_oldest_pending_age_seconds 0",
    "preflight_notifications_replays_total 0",
    "preflight_notifications_dispatch_errors_total 0",
    "preflight_metrics_render_errors_total 0",
    "preflight_metrics_database_up 1",
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test("figures are those of what happened, whichever process did it, and a purge lowers no counter", async () => {
  const { db } = database;
  const channels = channelsOf({ id: "hook" });
  await addRun(db, { blocked: true, status: "FAIL" });
  await evaluate(db, policiesOf(BLOCKED), channels);
  await fillOutbox(db, 3, ["hook"]);
  let n = 0;
  await dispatcherOf(
    db,
    channels,
    fakePostman(() => (n++ === 0 ? failed("HTTP_ERROR", "HTTP 500") : delivered(200, ""))).postman,
  ).drain();
  await sql`delete from preflight_run_registry`.execute(db);
  await sql`delete from preflight_notification_delivery_attempt`.execute(db);
  const text = await scrape();
  for (const line of [
    'preflight_runs_total{final_status="FAIL",mode="enforce",source_name="train"} 1',
    'preflight_blocked_total{source_name="train"} 1',
    'preflight_alerts_active{severity="HIGH",status="FIRING"} 1',
    'preflight_alert_transitions_total{event_type="FIRING"} 1',
    'preflight_notifications_attempts_total{attempt_status="SENT",channel_target="hook",event_type="ALERT_FIRING"} 3',
    'preflight_notifications_attempts_total{attempt_status="STARTED",channel_target="hook",event_type="ALERT_FIRING"} 4',
    'preflight_notifications_attempts_total{attempt_status="RETRY",channel_target="hook",event_type="ALERT_FIRING"} 1',
    'preflight_notifications_delivery_latency_ms_bucket{attempt_status="SENT",channel_target="hook",le="+Inf"} 3',
    "preflight_notifications_outbox_pending 1",
    "preflight_notifications_dispatch_errors_total 1",
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test("while the database is away the scrape still answers, and says so", async () => {
  const away = openDatabase("postgresql://nobody@127.0.0.1:1/none", {
    connectTimeoutMs: 300,
    logger: silent,
  });
  const text = await scrape(away);
  await closeDatabase(away);
  expect(text).toContain("preflight_metrics_database_up 0\n");
  expect(text).toContain("preflight_metrics_render_errors_total 1\n");
  expect(text).not.toMatch(/^preflight_notifications_outbox_pending \d/m);
});

test("a counter has few shards, however many connections have counted, so that a scrape reads few rows", async () => {
  const { db } = database;
  const many = Array.from({ length: 24 }, () => openDatabase(database.url, { poolSize: 2, logger: silent }));
  await Promise.all(many.map((each) => countUp(each, "test_total", { a: "1" })));
  await Promise.all(many.map((each) => closeDatabase(each)));
  const shards = await sql<{ shard: number; value: number }>`
    select shard, value from metric_counter where name = 'test_total'`.execute(db);
  expect(shards.rows.length).toBeLessThanOrEqual(8);
  expect((await readCounters(db)).find(({ name }) => name === "test_total")?.value).toBe(24);
});
