import { preflightModes, preflightSources } from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import { z } from "zod";
import { registryName } from "./contracts.ts";
import { cursor, cursorText } from "./cursor.ts";
import { instant, LARGEST_ID, oneOf, wholeNumber } from "./values.ts";

const MOST_RUNS = 100;
const DEFAULT_RUNS = 20;

export const verdicts = ["PASS", "WARN", "FAIL", "SKIPPED", "ERROR"] as const;
export const verdict = () => z.enum(verdicts);

export const sourceName = () => oneOf(preflightSources).describe("File of the delivery");
/** A data source in diagnostics: without it all of them, not the default one. */
export const anyDataSource = () =>
  wholeNumber(1, LARGEST_ID).optional().describe("One data source; without it all that the caller may see");

/** The verdict may be written in any case. */
export const finalStatusFilter = () =>
  z
    .string()
    .transform((text) => text.trim().toUpperCase())
    .pipe(oneOf(verdicts))
    .meta({ type: "string", enum: [...verdicts] });

export const runIdParamsSchema = z.object({ run_id: registryName() });
export const sourceParamsSchema = z.object({ source_name: sourceName() });
export const runSourceParamsSchema = runIdParamsSchema.extend({ source_name: sourceName() });

export const runsQuerySchema = z.object({
  limit: wholeNumber(1, MOST_RUNS).default(DEFAULT_RUNS).describe(`Most items; default ${DEFAULT_RUNS}`),
  source_name: sourceName().optional(),
  data_source_id: anyDataSource(),
  mode: oneOf(preflightModes).optional(),
  final_status: finalStatusFilter().optional(),
  cursor: cursor(z.tuple([z.iso.datetime(), z.string(), z.string()])).optional(),
});

export const latestQuerySchema = z.object({ data_source_id: anyDataSource() });

export const preflightRunSchema = z
  .object({
    run_id: z.string(),
    created_at: instant(),
    mode: z.enum(preflightModes),
    source_name: z.enum(preflightSources),
    validation_status: verdict(),
    semantic_status: verdict(),
    final_status: verdict(),
    blocked: z.boolean().describe("The load was turned away"),
    block_reason: z.string().nullable().describe("validation_fail, semantic_fail or semantic_error"),
    used_unified: z.boolean().describe("The cleaned file was loaded instead of the delivered one"),
    used_input_path: z
      .string()
      .describe("File that was loaded: as seen from the folder of reports, or its name"),
    artifact_dir: z.string().nullable().describe("Folder of the reports, as seen from the folder of all"),
    validation_report_path: z.string().nullable(),
    manifest_path: z.string().nullable(),
    data_source_id: z.int().nullable(),
    contract_id: z.string().nullable(),
    contract_version: z.string().nullable(),
    profile: z.string().nullable(),
    file_name: z.string().nullable(),
    file_size_bytes: z.int().nullable(),
    file_sha256: z.string().nullable(),
    rows_read: z.int(),
    rows_accepted: z.int(),
    rows_rejected: z.int(),
    errors_count: z.int().describe("Findings with severity FAIL before the rules"),
    warnings_count: z.int().describe("Findings with severity WARN before the rules"),
    rules_total: z.int(),
    rules_failed: z.int().describe("Rules with status FAIL or ERROR"),
    rules_warned: z.int(),
    elapsed_ms: z.number().nullable(),
  })
  .meta({ id: "PreflightRun", description: "One examined file of one run" });

export const preflightRunsSchema = z
  .object({
    items: z.array(preflightRunSchema).describe("Newest first"),
    limit: z.int(),
    source_name: z.enum(preflightSources).nullable(),
    data_source_id: z.int().nullable(),
    mode: z.enum(preflightModes).nullable(),
    final_status: verdict().nullable(),
    next_cursor: z.string().nullable().describe("Ask for the next page with it; null on the last one"),
  })
  .meta({ id: "PreflightRuns" });

export const preflightRunDetailSchema = z
  .object({
    run_id: z.string(),
    created_at: instant(),
    mode: z.enum(preflightModes),
    final_status: verdict().describe("The worst of its files"),
    blocked: z.boolean(),
    records: z.array(preflightRunSchema).describe("One per file, by source name"),
  })
  .meta({ id: "PreflightRunDetail" });

export type PreflightRun = z.output<typeof preflightRunSchema>;
export type PreflightRuns = z.output<typeof preflightRunsSchema>;
export type PreflightRunDetail = z.output<typeof preflightRunDetailSchema>;
export type PreflightRunsQuery = z.input<typeof runsQuerySchema>;
export type PreflightLatestQuery = z.input<typeof latestQuerySchema>;

/** What the registry keeps in `summary_json`; rows that others wrote may lack any part of it. */
const summarySchema = z.object({
  validation: z.object({ errors_count: z.int(), warnings_count: z.int() }).partial().catch({}),
  semantic: z
    .object({
      counts: z.object({ total: z.int(), warned: z.int(), failed: z.int(), errored: z.int() }).partial(),
    })
    .catch({ counts: {} }),
  profile: z.string().nullable().catch(null),
  file: z.object({ name: z.string(), size_bytes: z.int(), sha256: z.string() }).partial().catch({}),
  rows: z.object({ read: z.int(), accepted: z.int(), rejected: z.int() }).partial().catch({}),
  elapsed_ms: z.number().nullable().catch(null),
});

export function preflightRunAnswer(row: PreflightRunRow): PreflightRun {
  const { validation, semantic, profile, file, rows, elapsed_ms } = summarySchema.parse(row.summary_json);
  const { counts } = semantic;
  return {
    run_id: row.run_id,
    created_at: row.created_at,
    mode: row.mode as PreflightRun["mode"],
    source_name: row.source_name as PreflightRun["source_name"],
    validation_status: row.validation_status as PreflightRun["validation_status"],
    semantic_status: row.semantic_status as PreflightRun["semantic_status"],
    final_status: row.final_status as PreflightRun["final_status"],
    blocked: row.blocked,
    block_reason: row.block_reason,
    used_unified: row.used_unified,
    used_input_path: row.used_input_path,
    artifact_dir: row.artifact_dir,
    validation_report_path: row.validation_report_path,
    manifest_path: row.manifest_path,
    data_source_id: row.data_source_id,
    contract_id: row.contract_id,
    contract_version: row.contract_version,
    profile,
    file_name: file.name ?? null,
    file_size_bytes: file.size_bytes ?? null,
    file_sha256: file.sha256 ?? null,
    rows_read: rows.read ?? 0,
    rows_accepted: rows.accepted ?? 0,
    rows_rejected: rows.rejected ?? 0,
    errors_count: validation.errors_count ?? 0,
    warnings_count: validation.warnings_count ?? 0,
    rules_total: counts.total ?? 0,
    rules_failed: (counts.failed ?? 0) + (counts.errored ?? 0),
    rules_warned: counts.warned ?? 0,
    elapsed_ms,
  };
}

/** The cursor behind a row. */
export function cursorAfter(row: PreflightRunRow): string {
  return cursorText([row.created_at, row.run_id, row.source_name]);
}
