import { sql } from "kysely";
import type { Db } from "./db.ts";
import { NotFoundError, RegistryConflictError } from "./errors.ts";
import { comesAfter } from "./run-page.ts";
import type { LoadKind, PreflightMode, SourceName } from "./tables.ts";

export type UploadStatus = "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** One file of a delivery. */
export interface UploadedFile {
  source: SourceName;
  /** as it was called where it came from; never a path of ours */
  name: string;
  sizeBytes: number;
  sha256: string;
}

/** Where the load of a delivery stands. */
export interface UploadProgress {
  phase: string;
  rows: number;
  rowsPerSecond: number;
  elapsedMs: number;
}

/** What a load made of a delivery. Rows are those of the sales file. */
export interface UploadResult {
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  rowsUnchanged: number;
}

export interface Upload {
  uploadId: string;
  dataSourceId: number;
  createdAt: Date;
  createdBy: string;
  status: UploadStatus;
  /** counts up from 1 with every retry */
  attempt: number;
  loadKind: LoadKind;
  preflightMode: PreflightMode;
  files: UploadedFile[];
  hasFiles: boolean;
  progress: UploadProgress | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  etlRunId: string | null;
  result: UploadResult | null;
  errorCode: string | null;
  errorMessage: string | null;
}

export interface NewUpload {
  uploadId: string;
  dataSourceId: number;
  createdBy: string;
  loadKind: LoadKind;
  preflightMode: PreflightMode;
  files: readonly UploadedFile[];
}

/** A RUNNING delivery whose heartbeat is older belongs to a killed process that nobody has taken over. */
export const UPLOAD_LEASE_MS = 300_000;

export async function createUpload(db: Db, upload: NewUpload): Promise<Upload> {
  return db
    .insertInto("data_upload")
    .values({
      upload_id: upload.uploadId,
      data_source_id: upload.dataSourceId,
      created_by: upload.createdBy,
      status: "QUEUED",
      load_kind: upload.loadKind,
      preflight_mode: upload.preflightMode,
      files_json: JSON.stringify(upload.files),
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** @throws {NotFoundError} `upload_not_found` */
export async function findUpload(db: Db, uploadId: string): Promise<Upload> {
  const upload = await db
    .selectFrom("data_upload")
    .select(columns)
    .where("upload_id", "=", uploadId)
    .executeTakeFirst();
  if (upload === undefined) throw new NotFoundError("upload_not_found", `there is no upload ${uploadId}`);
  return upload;
}

/** The delivery that a load was for; null when its files came another way. */
export async function uploadOfRun(db: Db, etlRunId: string): Promise<Upload | null> {
  const upload = await db
    .selectFrom("data_upload")
    .select(columns)
    .where("etl_run_id", "=", etlRunId)
    .executeTakeFirst();
  return upload ?? null;
}

/** The deliveries of a source, newest first. @param options `after` the one that the page before ended with */
export async function listUploads(
  db: Db,
  options: { dataSourceId: number; after?: string; limit: number },
): Promise<Upload[]> {
  let query = db.selectFrom("data_upload").select(columns).where("data_source_id", "=", options.dataSourceId);
  if (options.after !== undefined) {
    query = query.where(comesAfter("data_upload", "created_at", options.after, "upload_id"));
  }
  return query.orderBy("created_at", "desc").orderBy("upload_id").limit(options.limit).execute();
}

/**
 * Take a delivery up for its load. One that a killed process left RUNNING is taken over.
 *
 * @returns null when there is nothing to do: it was cancelled, or it is over
 */
export async function beginUpload(db: Db, uploadId: string): Promise<Upload | null> {
  const begun = await db
    .updateTable("data_upload")
    .set({
      status: "RUNNING",
      started_at: sql<Date>`now()`,
      heartbeat_at: sql<Date>`now()`,
      finished_at: null,
      progress_json: null,
      etl_run_id: null,
      error_code: null,
      error_message: null,
    })
    .where("upload_id", "=", uploadId)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .returning(columns)
    .executeTakeFirst();
  return begun ?? null;
}

/** Say that the load of a delivery is at work. @returns false when it is to stop: it was cancelled */
export async function beatUpload(
  db: Db,
  uploadId: string,
  { progress, etlRunId }: { progress: UploadProgress | null; etlRunId: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("data_upload")
    .set({
      heartbeat_at: sql<Date>`now()`,
      etl_run_id: etlRunId,
      progress_json: progress === null ? null : JSON.stringify(progress),
    })
    .where("upload_id", "=", uploadId)
    .where("status", "=", "RUNNING")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What became of a delivery. */
export type UploadOutcome =
  | { status: "COMPLETED"; etlRunId: string; result: UploadResult | null }
  | { status: "FAILED"; etlRunId: string | null; errorCode: string; errorMessage: string }
  | { status: "QUEUED" };

/**
 * Write down what became of a delivery. That its load was completed is true whatever was asked for meanwhile; anything else is
 * no news for one that was cancelled.
 */
export async function finishUpload(db: Db, uploadId: string, outcome: UploadOutcome): Promise<void> {
  const isOver = outcome.status !== "QUEUED";
  await db
    .updateTable("data_upload")
    .set({
      status: outcome.status,
      finished_at: isOver ? sql<Date>`now()` : null,
      progress_json: null,
      etl_run_id: outcome.status === "QUEUED" ? null : outcome.etlRunId,
      ...(outcome.status === "COMPLETED" && {
        has_files: false,
        result_json: outcome.result === null ? null : JSON.stringify(outcome.result),
        error_code: null,
        error_message: null,
      }),
      ...(outcome.status === "FAILED" && {
        error_code: outcome.errorCode,
        error_message: outcome.errorMessage,
      }),
    })
    .where("upload_id", "=", uploadId)
    .where("status", "in", outcome.status === "COMPLETED" ? ["RUNNING", "CANCELLED"] : ["RUNNING"])
    .execute();
}

/**
 * Give a delivery up. Its load is FAILED at once, so that what it has not published yet never shows, and its process stops within
 * moments.
 *
 * @throws {RegistryConflictError} when it is over
 */
export async function cancelUpload(db: Db, uploadId: string, by: string): Promise<Upload> {
  const reason = `cancelled by ${by}; the data loaded before is untouched`;
  const cancelled = await db.transaction().execute(async (trx) => {
    const upload = await trx
      .updateTable("data_upload")
      .set({
        status: "CANCELLED",
        finished_at: sql<Date>`now()`,
        progress_json: null,
        error_code: "cancelled",
        error_message: reason,
      })
      .where("upload_id", "=", uploadId)
      .where("status", "in", ["QUEUED", "RUNNING"])
      .returning(columns)
      .executeTakeFirst();
    if (upload?.etlRunId != null) {
      await trx
        .updateTable("etl_run_registry")
        .set({ status: "FAILED", finished_at: sql<Date>`now()`, error_message: reason })
        .where("run_id", "=", upload.etlRunId)
        .where("status", "=", "RUNNING")
        .execute();
    }
    return upload;
  });
  if (cancelled !== undefined) return cancelled;
  const { status } = await findUpload(db, uploadId);
  throw new RegistryConflictError(
    "upload_over",
    `upload ${uploadId} is ${status} already and cannot be cancelled`,
  );
}

/** Let a delivery that failed or was cancelled be loaded again. @throws {RegistryConflictError} when it is neither, or its files are gone */
export async function retryUpload(db: Db, uploadId: string): Promise<Upload> {
  const retried = await db
    .updateTable("data_upload")
    .set((row) => ({
      status: "QUEUED" as const,
      attempt: row("attempt", "+", 1),
      started_at: null,
      finished_at: null,
      error_code: null,
      error_message: null,
    }))
    .where("upload_id", "=", uploadId)
    .where("status", "in", ["FAILED", "CANCELLED"])
    .where("has_files", "=", true)
    .returning(columns)
    .executeTakeFirst();
  if (retried !== undefined) return retried;
  const { status, hasFiles } = await findUpload(db, uploadId);
  throw new RegistryConflictError(
    "upload_not_retryable",
    hasFiles
      ? `upload ${uploadId} is ${status}; only one that failed or was cancelled can be tried again`
      : `the files of upload ${uploadId} are not kept any more; upload them again`,
  );
}

/**
 * Close deliveries whose process was killed and that nobody took over.
 *
 * @returns how many
 */
export async function failStaleUploads(db: Db, leaseMs: number = UPLOAD_LEASE_MS): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("data_upload")
    .set({
      status: "FAILED",
      finished_at: sql<Date>`now()`,
      progress_json: null,
      error_code: "process_ended",
      error_message:
        "the process that loaded ended without a word; the data loaded before is untouched, try again",
    })
    .where("status", "=", "RUNNING")
    .where(sql<boolean>`heartbeat_at < now() - make_interval(secs => ${leaseMs / 1000})`)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/**
 * Deliveries whose files are to go: those that are over and nobody tried again for so long.
 *
 * @returns their ids; from now on they count as without files
 */
export async function releaseOldUploadFiles(db: Db, days: number): Promise<string[]> {
  const released = await db
    .updateTable("data_upload")
    .set({ has_files: false })
    .where("has_files", "=", true)
    .where("status", "in", ["FAILED", "CANCELLED", "COMPLETED"])
    .where(sql<boolean>`finished_at < now() - make_interval(days => ${days})`)
    .returning("upload_id")
    .execute();
  return released.map((row) => row.upload_id);
}

const columns = [
  "upload_id as uploadId",
  "data_source_id as dataSourceId",
  "created_at as createdAt",
  "created_by as createdBy",
  "status",
  "attempt",
  "load_kind as loadKind",
  "preflight_mode as preflightMode",
  "files_json as files",
  "has_files as hasFiles",
  "progress_json as progress",
  "started_at as startedAt",
  "finished_at as finishedAt",
  "etl_run_id as etlRunId",
  "result_json as result",
  "error_code as errorCode",
  "error_message as errorMessage",
] as const;
