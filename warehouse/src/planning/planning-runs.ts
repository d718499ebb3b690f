import { sql } from "kysely";
import type { Db } from "../db.ts";
import { PlanningNotFoundError } from "../errors.ts";
import type { RunStatus } from "../tables.ts";

/** How far a run is. */
export interface RunProgress {
  /** 0–1 */
  share: number;
  message: string;
}

/** A forecast, portfolio or scenario that was asked for, with its answer. */
export interface PlanningRun {
  runId: string;
  runType: string;
  status: RunStatus;
  dataSourceId: number | null;
  createdAt: Date;
  finishedAt: Date | null;
  progress: RunProgress | null;
  errorMessage: string | null;
  /** null while it runs, after a failure, and for plain forecasts */
  result: Record<string, unknown> | null;
}

/** @throws {PlanningNotFoundError} */
export async function findPlanningRun(db: Db, runId: string): Promise<PlanningRun> {
  const run = await db
    .selectFrom("forecast_run_registry as r")
    .leftJoin("forecast_result as a", "a.run_id", "r.run_id")
    .where("r.run_id", "=", runId)
    .select([
      "r.run_id as runId",
      "r.run_type as runType",
      "r.status",
      "r.data_source_id as dataSourceId",
      "r.created_at as createdAt",
      "r.finished_at as finishedAt",
      "r.progress_json as progress",
      "r.error_message as errorMessage",
      "a.result_json as result",
    ])
    .executeTakeFirst();
  if (run === undefined) {
    throw new PlanningNotFoundError(
      "planning_run_not_found",
      `there is no run ${JSON.stringify(runId)}; runs are kept for a while only, ask again`,
    );
  }
  return { ...run, progress: run.progress as RunProgress | null };
}

/** Says how far a RUNNING run is; a run that has ended keeps silent. */
export async function reportRunProgress(db: Db, runId: string, progress: RunProgress): Promise<void> {
  await db
    .updateTable("forecast_run_registry")
    .set({ progress_json: JSON.stringify(progress) })
    .where("run_id", "=", runId)
    .where("status", "=", "RUNNING")
    .execute();
}

/**
 * Close runs of batches that a process left RUNNING when it ended.
 *
 * @param olderThanMinutes no batch takes so long
 * @returns how many there were
 */
export async function closeAbandonedPlanningRuns(db: Db, olderThanMinutes: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("forecast_run_registry")
    .set({
      status: "FAILED",
      finished_at: sql<Date>`now()`,
      progress_json: null,
      error_message: "the process that computed it ended before it was done; ask again",
    })
    .where("status", "=", "RUNNING")
    .where("created_at", "<", sql<Date>`now() - make_interval(mins => ${olderThanMinutes})`)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
