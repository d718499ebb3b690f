import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Which preflight runs are looked at: both ends of the window are inside. */
export interface PreflightWindow {
  from: Date;
  to: Date;
  /** null: all files */
  sourceName: string | null;
  /** null: all data sources, also runs of none */
  dataSourceId: number | null;
}

export type PreflightGroup = "source_name" | "data_source";

/** Counts over the runs of one group. A run counts once per file. */
export interface PreflightFigures {
  /** null when not grouped by it */
  sourceName: string | null;
  dataSourceId: number | null;
  runs: number;
  /** FAIL or ERROR: what could not be checked has not passed */
  failed: number;
  blocked: number;
  /** runs in mode enforce: only these may use the unified file */
  enforced: number;
  usedUnified: number;
}

/**
 * Figures of the runs in the window, one row per group that has runs.
 *
 * @param groupBy empty: exactly one row, with zeros when there are no runs
 */
export async function preflightFigures(
  db: Db,
  window: PreflightWindow,
  groupBy: readonly PreflightGroup[] = [],
): Promise<PreflightFigures[]> {
  const bySource = groupBy.includes("source_name");
  const byDataSource = groupBy.includes("data_source");
  const { rows } = await sql<PreflightFigures>`
    select
      ${bySource ? sql`source_name` : sql`null::text`} as "sourceName",
      ${byDataSource ? sql`data_source_id` : sql`null::integer`} as "dataSourceId",
      count(*)::integer as runs,
      (count(*) filter (where final_status in ('FAIL', 'ERROR')))::integer as failed,
      (count(*) filter (where blocked))::integer as blocked,
      (count(*) filter (where mode = 'enforce'))::integer as enforced,
      (count(*) filter (where mode = 'enforce' and used_unified))::integer as "usedUnified"
    from preflight_run_registry
    where ${inWindow(window)} ${byDataSource ? sql`and data_source_id is not null` : sql``}
    ${groupClause(bySource, byDataSource)}
  `.execute(db);
  return rows;
}

/** How often one rule failed. */
export interface RuleFigures {
  sourceName: string | null;
  dataSourceId: number | null;
  ruleId: string;
  ruleType: string;
  severity: string;
  failed: number;
  warned: number;
  lastSeenAt: Date;
  /** message of the newest failure or warning */
  sampleMessage: string | null;
}

/** Every rule that was checked in the window, most failures first, then by id. */
export async function ruleFigures(
  db: Db,
  window: PreflightWindow,
  groupBy: readonly PreflightGroup[] = [],
): Promise<RuleFigures[]> {
  const bySource = groupBy.includes("source_name");
  const byDataSource = groupBy.includes("data_source");
  const { rows } = await sql<RuleFigures>`
    with outcome as (
      select
        ${bySource ? sql`r.source_name` : sql`null::text`} as source_name,
        ${byDataSource ? sql`r.data_source_id` : sql`null::integer`} as data_source_id,
        o.rule_id, o.rule_type, o.severity, o.status, o.message, r.created_at
      from preflight_run_registry as r
      join preflight_rule_outcome as o using (run_id, source_name)
      where ${inWindow(window, "r")} ${byDataSource ? sql`and r.data_source_id is not null` : sql``}
    )
    select
      source_name as "sourceName",
      data_source_id as "dataSourceId",
      rule_id as "ruleId",
      (array_agg(rule_type order by created_at desc))[1] as "ruleType",
      (array_agg(severity order by created_at desc))[1] as severity,
      (count(*) filter (where status in ('FAIL', 'ERROR')))::integer as failed,
      (count(*) filter (where status = 'WARN'))::integer as warned,
      max(created_at) as "lastSeenAt",
      (array_agg(message order by created_at desc) filter (where status in ('FAIL', 'ERROR', 'WARN') and message is not null))[1]
        as "sampleMessage"
    from outcome
    group by source_name, data_source_id, rule_id
    order by failed desc, rule_id
  `.execute(db);
  return rows;
}

function inWindow(window: PreflightWindow, alias = "preflight_run_registry") {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  return sql`
    ${column("created_at")} >= ${window.from}::timestamptz and ${column("created_at")} <= ${window.to}::timestamptz
    and (${window.sourceName}::text is null or ${column("source_name")} = ${window.sourceName}::text)
    and (${window.dataSourceId}::integer is null or ${column("data_source_id")} = ${window.dataSourceId}::integer)`;
}

function groupClause(bySource: boolean, byDataSource: boolean) {
  if (bySource && byDataSource)
    return sql`group by source_name, data_source_id order by data_source_id, source_name`;
  if (bySource) return sql`group by source_name order by source_name`;
  return byDataSource ? sql`group by data_source_id order by data_source_id` : sql``;
}

/** When the runs of a window were recorded, oldest first, each instant once; at most `limit` of the newest. */
export async function preflightRunTimes(db: Db, window: PreflightWindow, limit: number): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select distinct date_trunc('milliseconds', created_at) as "at"
    from preflight_run_registry where ${inWindow(window)}
    order by "at" desc limit ${limit}
  `.execute(db);
  return rows.map((row) => row.at).reverse();
}
