import { sql } from "kysely";
import type { Db } from "./db.ts";
import { NotFoundError } from "./errors.ts";
import { newRunId } from "./run-id.ts";
import { comesAfter } from "./run-page.ts";
import type { ForecastRunType, RunStatus } from "./tables.ts";

/** One predicted day of one store. */
export interface ForecastPoint {
  storeId: number;
  /** `YYYY-MM-DD` */
  targetDate: string;
  /** currency units, ≥ 0 */
  predictedSales: number;
  predictedLower: number | null;
  predictedUpper: number | null;
  /** the calendar of that day was known in advance, not projected */
  known: boolean;
}

export interface NewForecastRun {
  /** made when absent */
  runId?: string;
  runType: ForecastRunType;
  status: RunStatus;
  dataSourceId: number;
  /** null for batches and segments */
  storeId?: number | null;
  modelVersion?: number | null;
  /** last observed day the forecast rests on */
  origin?: string | null;
  request?: Record<string, unknown>;
  summary?: Record<string, unknown>;
  errorMessage?: string | null;
  points?: readonly ForecastPoint[];
  /** the answer as it was given, to be found again */
  result?: object;
}

export interface ForecastRun {
  runId: string;
  createdAt: Date;
  finishedAt: Date | null;
  runType: ForecastRunType;
  status: RunStatus;
  dataSourceId: number | null;
  storeId: number | null;
  modelVersion: number | null;
  origin: string | null;
  request: Record<string, unknown>;
  summary: Record<string, unknown>;
  errorMessage: string | null;
}

const RUN_ID_PREFIX = {
  forecast: "forecast",
  batch: "forecast_batch",
  scenario: "forecast_scenario",
  scenario_v2: "scenario_v2",
  predict: "predict",
} as const;

/**
 * Write a forecast run with its points in one transaction; a run id that exists already is overwritten, points included.
 *
 * @returns the run id
 */
export async function recordForecastRun(db: Db, run: NewForecastRun): Promise<string> {
  const runId = run.runId ?? newRunId(RUN_ID_PREFIX[run.runType]);
  const points = run.points ?? [];
  const values = {
    run_type: run.runType,
    status: run.status,
    data_source_id: run.dataSourceId,
    store_id: run.storeId ?? null,
    model_version: run.modelVersion ?? null,
    origin: run.origin ?? null,
    request_json: JSON.stringify(run.request ?? {}),
    summary_json: JSON.stringify(run.summary ?? {}),
    error_message: run.errorMessage ?? null,
    progress_json: null,
    finished_at: run.status === "RUNNING" ? null : sql<Date>`now()`,
  };
  const write = async (trx: Db) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto("forecast_run_registry")
      .values({ run_id: runId, ...values })
      .onConflict((conflict) => conflict.column("run_id").doUpdateSet(values))
      .executeTakeFirstOrThrow();
    if (run.runId !== undefined && numInsertedOrUpdatedRows === 1n) {
      await trx.deleteFrom("forecast_point").where("run_id", "=", runId).execute();
    }
    if (points.length > 0) await insertPoints(trx, runId, points);
    if (run.result !== undefined) {
      const result_json = JSON.stringify(run.result);
      await trx
        .insertInto("forecast_result")
        .values({ run_id: runId, result_json })
        .onConflict((conflict) => conflict.column("run_id").doUpdateSet({ result_json }))
        .execute();
    }
  };
  if (db.isTransaction) await write(db);
  else await db.transaction().execute(write);
  return runId;
}

/** One array per column, so that ten thousand points are one statement with seven parameters. */
async function insertPoints(db: Db, runId: string, points: readonly ForecastPoint[]): Promise<void> {
  await sql`
    insert into forecast_point (run_id, store_id, target_date, predicted_sales, predicted_lower, predicted_upper, known)
    select ${runId}, p.*
    from unnest(
      ${points.map((point) => point.storeId)}::integer[],
      ${points.map((point) => point.targetDate)}::date[],
      ${points.map((point) => point.predictedSales)}::double precision[],
      ${points.map((point) => point.predictedLower)}::double precision[],
      ${points.map((point) => point.predictedUpper)}::double precision[],
      ${points.map((point) => point.known)}::boolean[]
    ) as p
  `.execute(db);
}

/**
 * Newest first. `limit` is held to 1–1000, default 50.
 *
 * @param options `after` the run that the page before ended with; an unknown one has nothing after it
 */
export async function listForecastRuns(
  db: Db,
  options: {
    dataSourceId?: number;
    runType?: ForecastRunType;
    status?: RunStatus;
    storeId?: number;
    after?: string;
    limit?: number;
  } = {},
): Promise<ForecastRun[]> {
  let query = db.selectFrom("forecast_run_registry").select(runColumns);
  if (options.after !== undefined) {
    query = query.where(comesAfter("forecast_run_registry", "created_at", options.after));
  }
  if (options.status !== undefined) query = query.where("status", "=", options.status);
  if (options.storeId !== undefined) query = query.where("store_id", "=", options.storeId);
  if (options.dataSourceId !== undefined) query = query.where("data_source_id", "=", options.dataSourceId);
  if (options.runType !== undefined) query = query.where("run_type", "=", options.runType);
  return query
    .orderBy("created_at", "desc")
    .orderBy("run_id")
    .limit(Math.min(Math.max(options.limit ?? 50, 1), 1000))
    .execute();
}

/** @throws {NotFoundError} `run_not_found` */
export async function findForecastRun(db: Db, runId: string): Promise<ForecastRun> {
  const run = await db
    .selectFrom("forecast_run_registry")
    .select(runColumns)
    .where("run_id", "=", runId)
    .executeTakeFirst();
  if (run === undefined) throw new NotFoundError("run_not_found", `there is no forecast run ${runId}`);
  return run;
}

/** The points of a run by store, then day; empty for an unknown run. */
export async function forecastPoints(db: Db, runId: string): Promise<ForecastPoint[]> {
  return db
    .selectFrom("forecast_point")
    .where("run_id", "=", runId)
    .select([
      "store_id as storeId",
      "target_date as targetDate",
      "predicted_sales as predictedSales",
      "predicted_lower as predictedLower",
      "predicted_upper as predictedUpper",
      "known",
    ])
    .orderBy("store_id")
    .orderBy("target_date")
    .execute();
}

const runColumns = [
  "run_id as runId",
  "created_at as createdAt",
  "finished_at as finishedAt",
  "run_type as runType",
  "status",
  "data_source_id as dataSourceId",
  "store_id as storeId",
  "model_version as modelVersion",
  "origin",
  "request_json as request",
  "summary_json as summary",
  "error_message as errorMessage",
] as const;
