import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import { matching, type PreflightFilter } from "./preflight-filter.ts";
import { overWindow } from "./preflight-window.ts";

/** How many examined files ended how. Their sum is `total`. */
export interface PreflightCounts {
  total: number;
  passed: number;
  warned: number;
  failed: number;
  /** could not be examined to the end */
  errored: number;
  skipped: number;
  blocked: number;
  usedUnified: number;
}

export interface SourcePreflightCounts extends PreflightCounts {
  sourceName: string;
}

/** Counts per file of the delivery (`train`, `store`, `future`), by name; files without a run are left out. */
export async function preflightCounts(db: Db, filter: PreflightFilter): Promise<SourcePreflightCounts[]> {
  const { rows } = await sql<SourcePreflightCounts>`
    select
      source_name as "sourceName",
      sum(files)::integer as total,
      ${verdictCounts},
      (coalesce(sum(files) filter (where final_status = 'SKIPPED'), 0))::integer as skipped,
      sum(used_unified)::integer as "usedUnified"
    from (${counted(filter, "day")}) as counted
    group by source_name
    order by source_name`.execute(db);
  return rows;
}

export type TrendBucket = "day" | "hour";

export interface PreflightTrendPoint {
  /** first instant of the day or hour, UTC */
  bucketStart: Date;
  passed: number;
  warned: number;
  failed: number;
  errored: number;
  blocked: number;
}

/** Counts per day or hour (UTC), oldest first; those without a run are left out. */
export async function preflightTrend(
  db: Db,
  filter: PreflightFilter,
  bucket: TrendBucket,
): Promise<PreflightTrendPoint[]> {
  // Thousands of instants are read much faster as numbers.
  const { rows } = await sql<Omit<PreflightTrendPoint, "bucketStart"> & { startSeconds: number }>`
    select extract(epoch from bucket_start)::double precision as "startSeconds", ${verdictCounts}
    from (${counted(filter, bucket)}) as counted
    group by bucket_start
    order by bucket_start`.execute(db);
  return rows.map(({ startSeconds, ...counts }) => ({
    bucketStart: new Date(startSeconds * 1000),
    ...counts,
  }));
}

const filesWith = (status: string) =>
  sql`coalesce(sum(files) filter (where final_status = ${sql.lit(status)}), 0)::integer`;

const verdictCounts = sql`
  ${filesWith("PASS")} as passed,
  ${filesWith("WARN")} as warned,
  ${filesWith("FAIL")} as failed,
  ${filesWith("ERROR")} as errored,
  sum(blocked)::integer as blocked`;

/** The examined files of a window, counted: as they are kept, and at its cut-off ends from the registry. */
function counted(filter: PreflightFilter, width: TrendBucket): RawBuilder<unknown> {
  return overWindow(filter, width, {
    kept: (part, within) => sql`
      select bucket_start, source_name, final_status, files, blocked, used_unified
      from preflight_run_count as c
      where width = ${width} and ${matching(part, "c")} and ${within}`,
    single: (part) => sql`
      select
        date_trunc(${sql.lit(width)}, created_at, 'UTC') as bucket_start, source_name, final_status, 1 as files,
        blocked::integer as blocked, used_unified::integer as used_unified
      from preflight_run_registry as r
      where ${matching(part, "r")}`,
  });
}

/** One rule that was broken, or could not run, at least once. */
export interface BrokenRule {
  ruleId: string;
  ruleType: string;
  severity: string;
  warned: number;
  failed: number;
  errored: number;
  lastSeenAt: Date;
  /** newest message that says anything */
  sampleMessage: string | null;
}

/** The rules that were broken most often: most failures first, then most warnings, then the newest. */
export async function topBrokenRules(db: Db, filter: PreflightFilter, limit: number): Promise<BrokenRule[]> {
  const outcomes = overWindow(filter, "day", {
    kept: (part, within) => sql`
      select rule_id, rule_type, severity, status, outcomes
      from preflight_rule_count as c
      where ${matching(part, "c")} and ${within}`,
    single: (part) => sql`
      select rule_id, rule_type, severity, status, 1 as outcomes
      from preflight_rule_outcome as o
      where ${BROKEN} and ${matching(part, "o")}`,
  });
  const times = (status: string) =>
    sql`coalesce(sum(outcomes) filter (where status = ${sql.lit(status)}), 0)::integer`;
  // Few rules, and of each the newest is the first of an index.
  const newest = (column: string, condition: RawBuilder<unknown>, rule: string) => sql`
    select ${sql.ref(`o.${column}`)}
    from preflight_rule_outcome as o
    where (o.rule_id, o.rule_type, o.severity) = (${sql.ref(`${rule}.rule_id`)}, ${sql.ref(`${rule}.rule_type`)}, ${sql.ref(`${rule}.severity`)})
      and ${BROKEN} and ${condition} and ${matching(filter, "o")}
    order by o.created_at desc
    limit 1`;
  const { rows } = await sql<BrokenRule>`
    with counted as (
      select
        rule_id, rule_type, severity, ${times("WARN")} as warned, ${times("FAIL")} as failed, ${times("ERROR")} as errored
      from (${outcomes}) as outcome
      group by rule_id, rule_type, severity
    ),
    seen as (
      select c.*, (${newest("created_at", sql`true`, "c")}) as last_seen_at from counted as c
    ),
    top as (
      select * from seen
      order by failed + errored desc, warned desc, last_seen_at desc, rule_id desc
      limit ${limit}
    )
    select
      t.rule_id as "ruleId", t.rule_type as "ruleType", t.severity, t.warned, t.failed, t.errored,
      t.last_seen_at as "lastSeenAt", (${newest("message", sql`o.message <> ''`, "t")}) as "sampleMessage"
    from top as t
    order by t.failed + t.errored desc, t.warned desc, t.last_seen_at desc, t.rule_id desc`.execute(db);
  return rows;
}

/** As the indexes over outcomes say it. */
const BROKEN = sql`o.status in ('WARN', 'FAIL', 'ERROR')`;
