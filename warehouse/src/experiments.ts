import { sql } from "kysely";
import { connectionOf, type Db } from "./db.ts";
import { NotFoundError, RegistryConflictError, TrainingInProgressError } from "./errors.ts";
import { newRunId } from "./run-id.ts";
import type { RunStatus } from "./tables.ts";

/** One training. */
export interface Experiment {
  experimentId: string;
  dataSourceId: number | null;
  /** "pending" until a model was chosen, "failed" when none was */
  modelType: string;
  hyperparameters: Record<string, unknown>;
  trainPeriodStart: string | null;
  trainPeriodEnd: string | null;
  validationPeriodStart: string | null;
  validationPeriodEnd: string | null;
  metrics: Record<string, unknown>;
  status: RunStatus;
  artifactPath: string | null;
  metadataPath: string | null;
  errorMessage: string | null;
  /** how far it is; null unless RUNNING, and before its first word */
  progress: ExperimentProgress | null;
  /** the model version it produced */
  version: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** How far a training is. */
export interface ExperimentProgress {
  stage: string;
  /** 0–1 */
  share: number;
  message: string;
  elapsedMs: number;
  /** null while too little is done to tell */
  remainingMs: number | null;
}

/** What a training knows only at its end. */
export interface ExperimentOutcome {
  modelType: string;
  hyperparameters?: Record<string, unknown>;
  trainPeriodStart?: string | null;
  trainPeriodEnd?: string | null;
  validationPeriodStart?: string | null;
  validationPeriodEnd?: string | null;
  metrics?: Record<string, unknown>;
  artifactPath?: string | null;
  metadataPath?: string | null;
}

/** Score of one model at one origin on one segment ("all", a horizon group, a weekday …). */
export interface BacktestScore {
  modelType: string;
  /** `YYYY-MM-DD` */
  origin: string;
  segmentKind: string;
  segment: string;
  /** days that were scored */
  points: number;
  metrics: Record<string, unknown>;
}

/** A RUNNING experiment whose heartbeat is older than this, and that nobody holds, belongs to a killed process. */
export const EXPERIMENT_LEASE_MS = 60_000;

/**
 * Register a training that begins. Trainings of killed processes are closed before.
 *
 * @returns the experiment id
 * @throws {TrainingInProgressError} while another one of the same source works, in whatever process
 */
export async function startExperiment(
  db: Db,
  input: { dataSourceId: number; hyperparameters?: Record<string, unknown>; experimentId?: string },
): Promise<string> {
  const id = input.experimentId ?? newRunId("ml");
  await failStaleExperiments(db);
  const start = async (trx: Db) => {
    await sql`select pg_advisory_xact_lock(hashtext('training'), ${input.dataSourceId})`.execute(trx);
    const other = await trx
      .selectFrom("ml_experiment_registry")
      .select(["experiment_id", "created_at"])
      .where("data_source_id", "=", input.dataSourceId)
      .where("status", "=", "RUNNING")
      .limit(1)
      .executeTakeFirst();
    if (other !== undefined) {
      throw new TrainingInProgressError(
        input.dataSourceId,
        other.experiment_id,
        other.created_at.toISOString(),
      );
    }
    await trx
      .insertInto("ml_experiment_registry")
      .values({
        experiment_id: id,
        data_source_id: input.dataSourceId,
        model_type: "pending",
        status: "RUNNING",
        hyperparameters_json: JSON.stringify(input.hyperparameters ?? {}),
      })
      .execute();
  };
  await (db.isTransaction ? start(db) : db.transaction().execute(start));
  return id;
}

/**
 * Hold a training by a connection of this process: as long as it lives the training counts as alive, also while its thread
 * is too busy for a heartbeat.
 *
 * @returns lets it go
 */
export async function holdExperiment(db: Db, experimentId: string): Promise<() => void> {
  const client = await connectionOf(db);
  // The connection has a session lock: it is closed, never given back to the pool.
  const letGo = () => client.release(true);
  try {
    await client.query("select pg_advisory_lock(hashtext('experiment'), hashtext($1))", [experimentId]);
    return letGo;
  } catch (error) {
    letGo();
    throw error;
  }
}

/**
 * Say that the training still works, and how far it is; call it at least every {@link EXPERIMENT_LEASE_MS} / 3.
 *
 * @returns false when it is not RUNNING any more: it was cancelled or given up, and should stop
 */
export async function heartbeatExperiment(
  db: Db,
  experimentId: string,
  progress?: ExperimentProgress,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("ml_experiment_registry")
    .set({
      heartbeat_at: sql<Date>`clock_timestamp()`,
      ...(progress && { progress_json: JSON.stringify(progress) }),
    })
    .where("experiment_id", "=", experimentId)
    .where("status", "=", "RUNNING")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Close a training with its outcome.
 *
 * @throws {RegistryConflictError} when it is not RUNNING any more (it was given up as dead, or closed before)
 */
export async function completeExperiment(
  db: Db,
  experimentId: string,
  outcome: ExperimentOutcome,
): Promise<void> {
  await close(db, experimentId, {
    status: "COMPLETED",
    model_type: outcome.modelType,
    ...(outcome.hyperparameters && { hyperparameters_json: JSON.stringify(outcome.hyperparameters) }),
    train_period_start: outcome.trainPeriodStart ?? null,
    train_period_end: outcome.trainPeriodEnd ?? null,
    validation_period_start: outcome.validationPeriodStart ?? null,
    validation_period_end: outcome.validationPeriodEnd ?? null,
    metrics_json: JSON.stringify(outcome.metrics ?? {}),
    artifact_path: outcome.artifactPath ?? null,
    metadata_path: outcome.metadataPath ?? null,
  });
}

/**
 * Close a training that failed, or cancel one that works: it stops at its next heartbeat.
 *
 * @throws {RegistryConflictError} when it is not RUNNING any more
 */
export async function failExperiment(db: Db, experimentId: string, errorMessage: string): Promise<void> {
  await close(db, experimentId, { status: "FAILED", model_type: "failed", error_message: errorMessage });
}

async function close(
  db: Db,
  experimentId: string,
  values: { status: RunStatus; model_type: string; [column: string]: string | null },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("ml_experiment_registry")
    .set({ ...values, progress_json: null, updated_at: sql<Date>`now()` })
    .where("experiment_id", "=", experimentId)
    .where("status", "=", "RUNNING")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new RegistryConflictError(
      "experiment_not_running",
      `experiment ${experimentId} is not running any more`,
    );
  }
}

/**
 * Mark trainings of killed processes as FAILED: without a heartbeat for longer than the lease, and held by no connection.
 *
 * @returns how many
 */
export async function failStaleExperiments(db: Db, leaseMs: number = EXPERIMENT_LEASE_MS): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("ml_experiment_registry")
    .set({
      status: "FAILED",
      model_type: "failed",
      error_message: "the process that trained it ended without a word",
      progress_json: null,
      updated_at: sql<Date>`now()`,
    })
    .where("status", "=", "RUNNING")
    .where(
      sql<boolean>`case when heartbeat_at < clock_timestamp() - make_interval(secs => ${leaseMs / 1000})
        then pg_try_advisory_xact_lock(hashtext('experiment'), hashtext(experiment_id)) else false end`,
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Newest first. `limit` is held to 1–1000, default 100. */
export async function listExperiments(
  db: Db,
  options: { dataSourceId?: number; limit?: number } = {},
): Promise<Experiment[]> {
  let query = experiments(db);
  if (options.dataSourceId !== undefined) query = query.where("data_source_id", "=", options.dataSourceId);
  return query
    .orderBy("created_at", "desc")
    .orderBy("experiment_id")
    .limit(Math.min(Math.max(options.limit ?? 100, 1), 1000))
    .execute();
}

/** @throws {NotFoundError} `experiment_not_found` */
export async function findExperiment(db: Db, experimentId: string): Promise<Experiment> {
  const row = await experiments(db).where("experiment_id", "=", experimentId).executeTakeFirst();
  if (row === undefined)
    throw new NotFoundError("experiment_not_found", `there is no experiment ${experimentId}`);
  return row;
}

/** Store the scores of a training's backtest; scores of the same model, origin and segment are replaced. */
export async function saveBacktestScores(
  db: Db,
  experimentId: string,
  scores: readonly BacktestScore[],
): Promise<void> {
  if (scores.length === 0) return;
  await sql`
    insert into backtest_score (experiment_id, model_type, origin, segment_kind, segment, points, metrics_json)
    select ${experimentId}, s.*
    from unnest(
      ${scores.map((score) => score.modelType)}::text[],
      ${scores.map((score) => score.origin)}::date[],
      ${scores.map((score) => score.segmentKind)}::text[],
      ${scores.map((score) => score.segment)}::text[],
      ${scores.map((score) => score.points)}::integer[],
      ${scores.map((score) => JSON.stringify(score.metrics))}::jsonb[]
    ) as s
    on conflict (experiment_id, model_type, origin, segment_kind, segment)
    do update set points = excluded.points, metrics_json = excluded.metrics_json
  `.execute(db);
}

/** Scores of a training by model, origin, kind and segment; those of single stores only when their kind is named. */
export async function backtestScores(
  db: Db,
  experimentId: string,
  options: { modelType?: string; segmentKind?: string; segments?: readonly string[] } = {},
): Promise<BacktestScore[]> {
  let query = db
    .selectFrom("backtest_score")
    .where("experiment_id", "=", experimentId)
    .select([
      "model_type as modelType",
      "origin",
      "segment_kind as segmentKind",
      "segment",
      "points",
      "metrics_json as metrics",
    ]);
  if (options.modelType !== undefined) query = query.where("model_type", "=", options.modelType);
  query =
    options.segmentKind === undefined
      ? query.where("segment_kind", "not in", STORE_KINDS)
      : query.where("segment_kind", "=", options.segmentKind);
  if (options.segments !== undefined) query = query.where("segment", "in", [...options.segments]);
  return query.orderBy("model_type").orderBy("origin").orderBy("segment_kind").orderBy("segment").execute();
}

/** Kinds of segment that have a row for every store. */
const STORE_KINDS = ["store", "store_horizon"];

function experiments(db: Db) {
  return db.selectFrom("ml_experiment_registry as e").select([
    "experiment_id as experimentId",
    "data_source_id as dataSourceId",
    "model_type as modelType",
    "hyperparameters_json as hyperparameters",
    "train_period_start as trainPeriodStart",
    "train_period_end as trainPeriodEnd",
    "validation_period_start as validationPeriodStart",
    "validation_period_end as validationPeriodEnd",
    "metrics_json as metrics",
    "status",
    "artifact_path as artifactPath",
    "metadata_path as metadataPath",
    "error_message as errorMessage",
    sql<ExperimentProgress | null>`progress_json`.as("progress"),
    sql<number | null>`(
        select max(v.version) from model_version v
        where v.experiment_id = e.experiment_id and v.data_source_id = e.data_source_id)`.as("version"),
    "created_at as createdAt",
    "updated_at as updatedAt",
  ]);
}
