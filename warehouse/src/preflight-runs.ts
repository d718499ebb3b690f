import { sql } from "kysely";
import type { Db } from "./db.ts";
import { matching, type PreflightFilter } from "./preflight-filter.ts";

/** One row of `preflight_run_registry`: one examined file of one run. */
export interface PreflightRunRow {
  run_id: string;
  source_name: string;
  /** UTC, ISO 8601 */
  created_at: string;
  mode: string;
  validation_status: string;
  semantic_status: string;
  final_status: string;
  used_input_path: string;
  used_unified: boolean;
  artifact_dir: string | null;
  validation_report_path: string | null;
  manifest_path: string | null;
  summary_json: Record<string, unknown>;
  blocked: boolean;
  block_reason: string | null;
  data_source_id: number | null;
  contract_id: string | null;
  contract_version: string | null;
}

/** One row of `preflight_rule_outcome`. */
export interface PreflightRuleOutcome {
  rule_id: string;
  rule_type: string;
  severity: string;
  status: string;
  failed_count: number;
  message: string | null;
}

/** Where a page of runs ended: the next one begins behind it. */
export interface PreflightRunPlace {
  created_at: string;
  run_id: string;
  source_name: string;
}

/**
 * Examined files, newest first; those of one moment by run and file.
 *
 * @param page.limit most rows
 * @param page.after place where the page before ended
 */
export async function listPreflightRuns(
  db: Db,
  filter: PreflightFilter,
  page: { limit: number; after?: PreflightRunPlace | null },
): Promise<PreflightRunRow[]> {
  const { after } = page;
  const behind =
    after === null || after === undefined
      ? sql`true`
      : sql`r.created_at <= ${after.created_at}::timestamptz
        and (r.created_at < ${after.created_at}::timestamptz or (r.run_id, r.source_name) > (${after.run_id}, ${after.source_name}))`;
  const { rows } = await sql<PreflightRunRow>`
    select ${runColumns} from preflight_run_registry as r
    where ${matching(filter, "r")} and ${behind}
    order by r.created_at desc, r.run_id, r.source_name
    limit ${page.limit}`.execute(db);
  return rows;
}

/** The files of one run that the filter lets through, by source name; empty when there is no such run. */
export async function findPreflightRun(
  db: Db,
  runId: string,
  filter: PreflightFilter = {},
): Promise<PreflightRunRow[]> {
  const { rows } = await sql<PreflightRunRow>`
    select ${runColumns} from preflight_run_registry as r
    where r.run_id = ${runId} and ${matching(filter, "r")}
    order by r.source_name`.execute(db);
  return rows;
}

/** The instant as text with every digit it has, so that it also serves as a place between pages. */
const runColumns = sql`
  r.run_id, r.source_name, to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
  r.mode, r.validation_status, r.semantic_status, r.final_status, r.used_input_path, r.used_unified, r.artifact_dir,
  r.validation_report_path, r.manifest_path, r.summary_json, r.blocked, r.block_reason, r.data_source_id, r.contract_id,
  r.contract_version`;

/** Keep what one preflight run found out about one file, with the outcome of every rule, in one statement. */
export async function recordPreflightRun(
  db: Db,
  run: PreflightRunRow,
  rules: readonly PreflightRuleOutcome[],
): Promise<void> {
  await sql`
    with recorded as (
      insert into preflight_run_registry (
        run_id, source_name, created_at, mode, validation_status, semantic_status, final_status, used_input_path,
        used_unified, artifact_dir, validation_report_path, manifest_path, summary_json, blocked, block_reason,
        data_source_id, contract_id, contract_version
      ) values (
        ${run.run_id}, ${run.source_name}, ${run.created_at}::timestamptz, ${run.mode}, ${run.validation_status},
        ${run.semantic_status}, ${run.final_status}, ${run.used_input_path}, ${run.used_unified}, ${run.artifact_dir},
        ${run.validation_report_path}, ${run.manifest_path}, ${JSON.stringify(run.summary_json)}::jsonb, ${run.blocked},
        ${run.block_reason}, ${run.data_source_id}::integer, ${run.contract_id}, ${run.contract_version}
      )
      returning run_id, source_name, created_at, data_source_id, mode, final_status
    )
    insert into preflight_rule_outcome (
      run_id, source_name, rule_id, rule_type, severity, status, failed_count, message, created_at, data_source_id, mode,
      final_status
    )
    select
      r.run_id, r.source_name, o.rule_id, o.rule_type, o.severity, o.status, o.failed_count, o.message, r.created_at,
      r.data_source_id, r.mode, r.final_status
    from recorded as r
    cross join jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as o (
      rule_id text, rule_type text, severity text, status text, failed_count bigint, message text
    )`.execute(db);
}
