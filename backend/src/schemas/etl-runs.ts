import { basename } from "node:path";
import { preflightModes, preflightSources } from "@rossmann/etl";
import type { EtlFinding, EtlRun, PreflightRunRow, Upload, UploadedFile } from "@rossmann/warehouse";
import { z } from "zod";
import { pageAnswer, pageQuery } from "./paging.ts";
import { preflightRunAnswer, sourceName, verdict } from "./preflight-runs.ts";
import { dataSourceFilter, instant, oneOf } from "./values.ts";

export const runStatuses = ["RUNNING", "COMPLETED", "FAILED"] as const;
export const runParamsSchema = z.object({
  run_id: z.string().regex(/^[\w.-]{1,64}$/, "must be the id of a run"),
});

export const etlRunsQuerySchema = z.object({
  ...pageQuery(200, 50),
  data_source_id: dataSourceFilter(),
  status: oneOf(runStatuses).optional(),
});

const fileSchema = z.object({
  source_name: z.enum(preflightSources),
  label: z.string().describe("Name of the file that was delivered; where it lay is nobody's business"),
  size_bytes: z.int().nullable(),
  sha256: z.string().nullable(),
});

export const etlRunSchema = z
  .object({
    run_id: z.string(),
    status: z.enum(runStatuses),
    started_at: instant(),
    finished_at: instant().nullable(),
    data_source_id: z.int().nullable(),
    load_kind: z.enum(["full", "incremental"]),
    preflight_mode: z.enum(preflightModes),
    rows_read: z.int().describe("Rows of the sales file, like the three that follow"),
    rows_accepted: z.int(),
    rows_rejected: z.int(),
    rows_unchanged: z.int().describe("Accepted rows that were there already with the same content"),
    files: z.array(fileSchema).describe("What the run was given"),
    error_message: z.string().nullable(),
  })
  .meta({ id: "EtlRun" });

export const etlRunsSchema = z
  .object({ items: z.array(etlRunSchema).describe("Newest first"), ...pageAnswer, data_source_id: z.int() })
  .meta({ id: "EtlRuns" });

export const etlRunDetailSchema = etlRunSchema
  .extend({
    upload_id: z.string().nullable().describe("The upload it loaded; null when its files came another way"),
    facts: z
      .object({
        is_current: z.boolean().describe("What the data source shows now is what this run wrote"),
        rows_written: z.int(),
        rows_added: z.int(),
        rows_changed: z.int(),
        rows_unchanged: z.int(),
        rows_absent: z.int().describe("Rows that were there and not in the files: a full load removed them"),
        stores: z.int(),
        future_rows: z.int(),
      })
      .nullable()
      .describe("What it wrote; null when it wrote nothing"),
    finding_counts: z
      .array(
        z.object({
          code: z.string(),
          severity: z.enum(["error", "warning"]),
          source_name: z.string(),
          column_name: z.string().nullable(),
          count: z.int(),
        }),
      )
      .describe("Exact counts"),
    findings: z
      .array(
        z.object({
          code: z.string(),
          severity: z.enum(["error", "warning"]),
          source_name: sourceName(),
          line: z.int().nullable().describe("Line in the file, the header being line 1"),
          column_name: z.string().nullable(),
          value: z.string().nullable(),
          message: z.string(),
        }),
      )
      .describe("Samples, in the order of the file"),
    preflight: z
      .array(
        z.object({ source_name: z.enum(preflightSources), final_status: verdict(), blocked: z.boolean() }),
      )
      .describe("Verdict on each file where preflight was on"),
  })
  .meta({ id: "EtlRunDetail" });

export type EtlRunsQuery = z.input<typeof etlRunsQuerySchema>;
export type EtlRunItem = z.output<typeof etlRunSchema>;
export type EtlRuns = z.output<typeof etlRunsSchema>;
export type EtlRunDetail = z.output<typeof etlRunDetailSchema>;

/** What a run keeps in `summary_json`; a run that failed early lacks parts of it. */
const summarySchema = z.object({
  files: z
    .array(
      z.object({
        source: z.enum(preflightSources).optional(),
        name: z.string(),
        sizeBytes: z.int(),
        sha256: z.string(),
      }),
    )
    .catch([]),
  findings: z
    .array(
      z.object({
        code: z.string(),
        severity: z.enum(["error", "warning"]),
        source: z.string(),
        column: z.string().nullable(),
        count: z.int(),
      }),
    )
    .catch([]),
  load: z
    .object({
      factRows: z.int(),
      rowsUnchanged: z.int(),
      rowsChanged: z.int(),
      rowsAdded: z.int(),
      rowsAbsent: z.int(),
      stores: z.int(),
      futureRows: z.int(),
    })
    .nullable()
    .catch(null),
});

export function etlRunAnswer(run: EtlRun, examined: readonly PreflightRunRow[] = []): EtlRunItem {
  return {
    run_id: run.runId,
    status: run.status,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    data_source_id: run.dataSourceId,
    load_kind: run.loadKind,
    preflight_mode: run.preflightMode,
    rows_read: run.rowsRead,
    rows_accepted: run.rowsAccepted,
    rows_rejected: run.rowsRejected,
    rows_unchanged: run.rowsUnchanged,
    files: filesOf(run, examined),
    error_message: run.errorMessage,
  };
}

export function etlRunDetailAnswer(
  run: EtlRun,
  findings: readonly EtlFinding[],
  examined: readonly PreflightRunRow[],
  upload: Upload | null,
  isCurrent: boolean,
): EtlRunDetail {
  const { load, findings: counts } = summarySchema.parse(run.summary);
  return {
    ...etlRunAnswer(run, examined),
    files: upload === null ? filesOf(run, examined) : upload.files.map(uploadedFileAnswer),
    upload_id: upload?.uploadId ?? null,
    facts: load && {
      is_current: isCurrent,
      rows_written: load.factRows,
      rows_added: load.rowsAdded,
      rows_changed: load.rowsChanged,
      rows_unchanged: load.rowsUnchanged,
      rows_absent: load.rowsAbsent,
      stores: load.stores,
      future_rows: load.futureRows,
    },
    finding_counts: counts.map(({ code, severity, source, column, count }) => ({
      code,
      severity,
      source_name: source,
      column_name: column,
      count,
    })),
    findings: findings.map(({ code, severity, sourceName, line, columnName, value, message }) => ({
      code,
      severity,
      source_name: sourceName,
      line,
      column_name: columnName,
      value,
      message,
    })),
    preflight: examined.map(preflightRunAnswer).map(({ source_name, final_status, blocked }) => ({
      source_name,
      final_status,
      blocked,
    })),
  };
}

/** Stored under a name of ours, shown by the one it came with. */
const uploadedFileAnswer = ({ source, name, sizeBytes, sha256 }: UploadedFile) => ({
  source_name: source,
  label: name,
  size_bytes: sizeBytes,
  sha256,
});

/** Where preflight cleaned a file before the load, the delivered one is named, not the cleaned one. */
function filesOf(run: EtlRun, examined: readonly PreflightRunRow[]): EtlRunItem["files"] {
  const { files } = summarySchema.parse(run.summary);
  const given = { train: run.trainInputPath, store: run.storeInputPath, future: run.futureInputPath };
  return preflightSources.flatMap((source) => {
    const path = given[source];
    if (path === null) return [];
    const label = basename(path.replaceAll("\\", "/"));
    const seen = examined.map(preflightRunAnswer).find(({ source_name }) => source_name === source);
    const read = files.find((file) => file.source === source && file.name === label);
    return [
      {
        source_name: source,
        label,
        size_bytes: seen?.file_size_bytes ?? read?.sizeBytes ?? null,
        sha256: seen?.file_sha256 ?? read?.sha256 ?? null,
      },
    ];
  });
}
