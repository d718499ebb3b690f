import { sql } from "kysely";
import type { Db } from "./db.ts";
import { matching, type PreflightFilter } from "./preflight-filter.ts";

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
      count(*)::integer as total,
      ${verdictCounts},
      (count(*) filter (where final_status = 'SKIPPED'))::integer as skipped,
      (count(*) filter (where used_unified))::integer as "usedUnified"
    from preflight_run_registry as r
    where ${matching(filter, "r")}
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
  const width = bucket === "day" ? sql`interval '1 day'` : sql`interval '1 hour'`;
  const { rows } = await sql<PreflightTrendPoint>`
    select date_bin(${width}, created_at, timestamptz '2000-01-01 00:00:00Z') as "bucketStart", ${verdictCounts}
    from preflight_run_registry as r
    where ${matching(filter, "r")}
    group by 1
    order by 1`.execute(db);
  return rows;
}

const verdictCounts = sql`
  (count(*) filter (where final_status = 'PASS'))::integer as passed,
  (count(*) filter (where final_status = 'WARN'))::integer as warned,
  (count(*) filter (where final_status = 'FAIL'))::integer as failed,
  (count(*) filter (where final_status = 'ERROR'))::integer as errored,
  (count(*) filter (where blocked))::integer as blocked`;

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
  const { rows } = await sql<BrokenRule>`
    with counted as (
      select
        rule_id, rule_type, severity,
        (count(*) filter (where status = 'WARN'))::integer as warned,
        (count(*) filter (where status = 'FAIL'))::integer as failed,
        (count(*) filter (where status = 'ERROR'))::integer as errored,
        max(created_at) as last_seen_at
      from preflight_rule_outcome as o
      where status in ('WARN', 'FAIL', 'ERROR') and ${matching(filter, "o")}
      group by rule_id, rule_type, severity
    ),
    top as (
      select * from counted
      order by failed + errored desc, warned desc, last_seen_at desc, rule_id desc
      limit ${limit}
    )
    select
      c.rule_id as "ruleId", c.rule_type as "ruleType", c.severity, c.warned, c.failed, c.errored,
      c.last_seen_at as "lastSeenAt", newest.message as "sampleMessage"
    from top as c
    left join lateral (
      select o.message
      from preflight_rule_outcome as o
      where (o.rule_id, o.rule_type, o.severity) = (c.rule_id, c.rule_type, c.severity)
        and o.status in ('WARN', 'FAIL', 'ERROR') and o.message <> '' and ${matching(filter, "o")}
      order by o.created_at desc
      limit 1
    ) as newest on true
    order by c.failed + c.errored desc, c.warned desc, c.last_seen_at desc, c.rule_id desc`.execute(db);
  return rows;
}
