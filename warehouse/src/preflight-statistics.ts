import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import { behind, matching, type PreflightFilter } from "./preflight-filter.ts";

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
  const { rows } = await sql<PreflightTrendPoint>`
    select bucket_start as "bucketStart", ${verdictCounts}
    from (${counted(filter, bucket)}) as counted
    group by bucket_start
    order by bucket_start`.execute(db);
  return rows;
}

const filesWith = (status: string) =>
  sql`coalesce(sum(files) filter (where final_status = ${sql.lit(status)}), 0)::integer`;

const verdictCounts = sql`
  ${filesWith("PASS")} as passed,
  ${filesWith("WARN")} as warned,
  ${filesWith("FAIL")} as failed,
  ${filesWith("ERROR")} as errored,
  sum(blocked)::integer as blocked`;

const WIDTH_MS = { day: 86_400_000, hour: 3_600_000 } as const;

/**
 * The examined files of a window, counted: whole days or hours as they are kept, and what the window cuts off at its ends from
 * the registry.
 */
function counted(filter: PreflightFilter, width: TrendBucket): RawBuilder<unknown> {
  const { from, to, ...rest } = filter;
  const ms = WIDTH_MS[width];
  const begin = from ? new Date(Math.ceil(from.getTime() / ms) * ms) : null;
  const end = to ? new Date(Math.floor(behind(to).getTime() / ms) * ms) : null;
  const isWithinOne = begin !== null && end !== null && begin >= end;
  const whole = isWithinOne
    ? null
    : sql`
      select bucket_start, source_name, final_status, files, blocked, used_unified
      from preflight_run_count as c
      where width = ${width} and ${matching(rest, "c")}
        and ${begin === null ? sql`true` : sql`bucket_start >= ${begin}::timestamptz`}
        and ${end === null ? sql`true` : sql`bucket_start < ${end}::timestamptz`}`;
  const single = (part: PreflightFilter) => sql`
    select
      date_trunc(${sql.lit(width)}, created_at, 'UTC') as bucket_start, source_name, final_status, 1 as files,
      blocked::integer as blocked, used_unified::integer as used_unified
    from preflight_run_registry as r
    where ${matching(part, "r")}`;
  const parts = isWithinOne
    ? [single(filter)]
    : [
        whole,
        from && begin && from < begin ? single({ ...rest, from, to: new Date(begin.getTime() - 1) }) : null,
        to && end && end < behind(to) ? single({ ...rest, from: end, to }) : null,
      ].filter((part) => part !== null);
  return sql.join(parts, sql` union all `);
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
