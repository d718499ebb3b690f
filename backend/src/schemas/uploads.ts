import { preflightModes, preflightSources } from "@rossmann/etl";
import type { Upload } from "@rossmann/warehouse";
import { z } from "zod";
import { pageAnswer, pageQuery } from "./paging.ts";
import { instant, LARGEST_ID, oneOf, wholeNumber } from "./values.ts";

export const uploadStatuses = ["QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

export const uploadParamsSchema = z.object({
  data_source_id: wholeNumber(1, LARGEST_ID),
  upload_id: z.string().regex(/^upl_[0-9a-z]{20}$/, "must be the id of an upload"),
});

export const uploadsQuerySchema = z.object(pageQuery(100, 20));

/** The fields of the form beside its files. */
export const uploadFieldsSchema = z.strictObject({
  kind: oneOf(["full", "incremental"]).optional(),
  preflight_mode: oneOf(preflightModes).optional(),
});

export const uploadSchema = z
  .object({
    upload_id: z.string(),
    data_source_id: z.int(),
    status: z
      .enum(uploadStatuses)
      .describe(
        "QUEUED waits for its turn, RUNNING is examined and loaded, COMPLETED is what the source shows",
      ),
    attempt: z.int().describe("Counts up from 1 with every retry"),
    kind: z.enum(["full", "incremental"]),
    preflight_mode: z.enum(preflightModes),
    created_at: instant(),
    created_by: z.string(),
    started_at: instant().nullable(),
    finished_at: instant().nullable(),
    files: z.array(
      z.object({
        source_name: z.enum(preflightSources),
        name: z.string().describe("As it was called where it came from"),
        size_bytes: z.int(),
        sha256: z.string(),
      }),
    ),
    progress: z
      .object({ phase: z.string(), rows: z.int(), rows_per_second: z.int(), elapsed_ms: z.number() })
      .nullable()
      .describe("Where the load stands; null unless RUNNING"),
    etl_run_id: z
      .string()
      .nullable()
      .describe("The load, see /etl/runs; what preflight found stands under the same run id"),
    result: z
      .object({ rows_read: z.int(), rows_accepted: z.int(), rows_rejected: z.int(), rows_unchanged: z.int() })
      .nullable(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable().describe("Why it FAILED"),
    can_retry: z.boolean().describe("It is over, and its files are still there"),
  })
  .meta({ id: "Upload" });

export const uploadsSchema = z
  .object({ items: z.array(uploadSchema).describe("Newest first"), ...pageAnswer })
  .meta({ id: "Uploads" });

export type UploadItem = z.output<typeof uploadSchema>;
export type UploadsPage = z.output<typeof uploadsSchema>;
export type UploadsQuery = z.input<typeof uploadsQuerySchema>;

export function uploadAnswer(upload: Upload): UploadItem {
  const { progress, result } = upload;
  return {
    upload_id: upload.uploadId,
    data_source_id: upload.dataSourceId,
    status: upload.status,
    attempt: upload.attempt,
    kind: upload.loadKind,
    preflight_mode: upload.preflightMode,
    created_at: upload.createdAt.toISOString(),
    created_by: upload.createdBy,
    started_at: upload.startedAt?.toISOString() ?? null,
    finished_at: upload.finishedAt?.toISOString() ?? null,
    files: upload.files.map(({ source, name, sizeBytes, sha256 }) => ({
      source_name: source,
      name,
      size_bytes: sizeBytes,
      sha256,
    })),
    progress: progress && {
      phase: progress.phase,
      rows: progress.rows,
      rows_per_second: progress.rowsPerSecond,
      elapsed_ms: progress.elapsedMs,
    },
    etl_run_id: upload.etlRunId,
    result: result && {
      rows_read: result.rowsRead,
      rows_accepted: result.rowsAccepted,
      rows_rejected: result.rowsRejected,
      rows_unchanged: result.rowsUnchanged,
    },
    error: upload.errorCode === null ? null : { code: upload.errorCode, detail: upload.errorMessage ?? "" },
    can_retry: upload.hasFiles && (upload.status === "FAILED" || upload.status === "CANCELLED"),
  };
}
