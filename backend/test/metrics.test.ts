/** The metrics as a scraper reads them. */
import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { appOn } from "./parts.ts";

let database: TestDatabase;
let app: Api;
beforeAll(async () => {
  database = await createTestDatabase();
  app = appOn(database.db);
});
afterAll(async () => {
  await app.close();
  await database.close();
});

const scrape = () => app.inject("/api/v1/diagnostics/metrics");

test("the form is that of Prometheus, every family with its help, names told once", async () => {
  await app.inject("/api/v1/stores");
  const answer = await scrape();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  const names = [...answer.body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(answer.body).toMatch(new RegExp(`^# HELP ${name} \\S`, "m"));
  expect(names).toEqual(
    expect.arrayContaining([
      "http_request_duration_seconds",
      "database_pool_connections",
      "nodejs_eventloop_lag_seconds",
      "process_resident_memory_bytes",
      "preflight_runs_total",
      "etl_rows_total",
      "ml_training_seconds",
      "forecast_error_wape_ratio",
    ]),
  );
  expect(answer.body).toContain(
    'http_request_duration_seconds_count{method="GET",route="/api/v1/stores",status="200"} 1',
  );
  expect(answer.body).toContain('database_pool_connections{state="limit"} 10');
});

test("a scrape of an idle process finds nobody waiting for a connection, itself included", async () => {
  const fresh = appOn(database.db);
  const { body } = await fresh.inject("/api/v1/diagnostics/metrics");
  await fresh.close();
  expect(body).toContain('database_pool_connections{state="waiting"} 0');
  expect(body).toContain('database_pool_connections{state="busy"} 0');
});

test("routes are labelled by their template, unknown ones as one", async () => {
  await app.inject(`/api/v1/diagnostics/preflight/notifications/attempts/${randomUUID()}`);
  await app.inject(`/nothing/${randomUUID()}`);
  const { body } = await scrape();
  expect(body).toContain(
    'route="/api/v1/diagnostics/preflight/notifications/attempts/:attempt_id",status="404"} 1',
  );
  expect(body).toContain('route="unmatched"');
});

test("loads, trainings and forecasts are counted once when they end, and removing their rows lowers nothing", async () => {
  const { db } = database;
  await sql`
    insert into etl_run_registry (run_id, status, started_at, data_source_id) values ('e1', 'RUNNING', now() - interval '7 seconds', 1);
    update etl_run_registry set status = 'COMPLETED', finished_at = now(), rows_read = 100, rows_accepted = 90, rows_rejected = 10;
    update etl_run_registry set heartbeat_at = now();
    insert into ml_experiment_registry (experiment_id, model_type, status, created_at) values ('m1', 'pending', 'RUNNING', now() - interval '30 seconds');
    update ml_experiment_registry set status = 'COMPLETED';
    insert into forecast_run_registry (run_id, run_type, status) values ('f1', 'batch', 'COMPLETED'), ('f2', 'batch', 'RUNNING');
    update forecast_run_registry set status = 'FAILED' where run_id = 'f2';
    delete from etl_run_registry; delete from ml_experiment_registry; delete from forecast_run_registry`.execute(
    db,
  );
  // Scrapes within half a second share one reading of the database: this one is the first of its application.
  const fresh = appOn(db);
  const { body } = await fresh.inject("/api/v1/diagnostics/metrics");
  await fresh.close();
  for (const line of [
    'etl_runs_total{status="COMPLETED",load_kind="full"} 1',
    'etl_runs_total{status="FAILED",load_kind="full"} 0',
    'etl_rows_total{outcome="accepted"} 90',
    'etl_rows_total{outcome="rejected"} 10',
    'etl_run_seconds_bucket{le="5"} 0',
    'etl_run_seconds_bucket{le="15"} 1',
    "etl_run_seconds_count 1",
    'ml_trainings_total{status="COMPLETED"} 1',
    'ml_training_seconds_bucket{le="60"} 1',
    'forecast_runs_total{run_type="batch",status="COMPLETED"} 1',
    'forecast_runs_total{run_type="batch",status="FAILED"} 1',
  ]) {
    expect(body).toContain(`${line}\n`);
  }
});
