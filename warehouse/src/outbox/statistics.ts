import { sql } from "kysely";
import { allOf } from "../alerts/alerts.ts";
import type { Db } from "../db.ts";
import { type AttemptFilter, attemptCondition } from "./reading.ts";

/** A window over the ledger, by when attempts began. */
export interface StatisticsFilter extends Omit<AttemptFilter, "after" | "limit" | "offset"> {
  from: Date;
  to: Date;
}

export interface DeliveryStats {
  /** attempts, begun or ended */
  attempts: number;
  sent: number;
  retried: number;
  dead: number;
  failed: number;
  /** attempts of replayed notifications */
  replayed: number;
  pending: number;
  /** SENT of all that ended for good (SENT, DEAD, FAILED); null when none has */
  successRate: number | null;
  /** over attempts that have ended, whatever their outcome; null when none has */
  avgLatencyMs: number | null;
  p95LatencyMs: number | null;
  /** over deliveries that succeeded */
  p95SentLatencyMs: number | null;
  /** null when nothing waits */
  oldestPendingAgeSeconds: number | null;
}

/** Figures of the window, from the ledger; and what of it still waits. */
export async function deliveryStats(db: Db, filter: StatisticsFilter): Promise<DeliveryStats> {
  const { rows } = await sql<DeliveryStats>`
    with attempt as (select * from v_notification_attempt where ${attemptCondition(filter)}),
    waiting as (select created_at from preflight_notification_outbox where ${waitingCondition(filter)})
    select
      count(*)::integer as attempts, ${countsOf},
      (count(*) filter (where replayed_from_id is not null))::integer as replayed,
      (select count(*)::integer from waiting) as pending,
      ${successRate} as "successRate",
      avg(duration_ms)::double precision as "avgLatencyMs",
      percentile_cont(0.95) within group (order by duration_ms) as "p95LatencyMs",
      percentile_cont(0.95) within group (order by duration_ms) filter (where attempt_status = 'SENT') as "p95SentLatencyMs",
      (select floor(extract(epoch from clock_timestamp() - min(created_at)))::double precision from waiting) as "oldestPendingAgeSeconds"
    from attempt
  `.execute(db);
  return rows[0]!;
}

export interface DeliveryTrend {
  /** begin of the day or hour, UTC */
  bucketStart: Date;
  sent: number;
  retried: number;
  dead: number;
  failed: number;
  replayed: number;
  avgLatencyMs: number | null;
}

/** The same by day or hour, oldest first; buckets without attempts are left out. */
export async function deliveryTrends(
  db: Db,
  filter: StatisticsFilter,
  bucket: "day" | "hour",
): Promise<DeliveryTrend[]> {
  const { rows } = await sql<DeliveryTrend>`
    select date_trunc(${bucket}, started_at, 'UTC') as "bucketStart", ${countsOf},
      (count(*) filter (where replayed_from_id is not null))::integer as replayed,
      avg(duration_ms)::double precision as "avgLatencyMs"
    from v_notification_attempt
    where ${attemptCondition(filter)}
    group by 1 order by 1
  `.execute(db);
  return rows;
}

export interface ChannelStats {
  channelTarget: string;
  sent: number;
  retried: number;
  dead: number;
  failed: number;
  replayed: number;
  pending: number;
  successRate: number | null;
  avgLatencyMs: number | null;
  lastSentAt: Date | null;
  lastErrorAt: Date | null;
  /** at most five, the most frequent first, then by code */
  topErrorCodes: { errorCode: string; count: number }[];
}

/** The same by channel, by id; channels without attempts or waiting notifications are left out. */
export async function channelStats(db: Db, filter: StatisticsFilter): Promise<ChannelStats[]> {
  const { rows } = await sql<ChannelStats>`
    with attempt as (select * from v_notification_attempt where ${attemptCondition(filter)}),
    waiting as (
      select channel_target, count(*)::integer as pending
      from preflight_notification_outbox where ${waitingCondition(filter)} group by channel_target
    ),
    error as (
      select channel_target, error_code, count(*)::integer as count,
        row_number() over (partition by channel_target order by count(*) desc, error_code) as place
      from attempt where error_code is not null group by channel_target, error_code
    ),
    top as (
      select channel_target, json_agg(json_build_object('errorCode', error_code, 'count', count) order by place) as codes
      from error where place <= 5 group by channel_target
    ),
    figures as (
      select channel_target, ${countsOf},
        (count(*) filter (where replayed_from_id is not null))::integer as replayed,
        ${successRate} as success_rate,
        avg(duration_ms)::double precision as avg_latency_ms,
        max(completed_at) filter (where attempt_status = 'SENT') as last_sent_at,
        max(completed_at) filter (where error_code is not null) as last_error_at
      from attempt group by channel_target
    )
    select channel_target as "channelTarget",
      coalesce(sent, 0) as sent, coalesce(retried, 0) as retried, coalesce(dead, 0) as dead, coalesce(failed, 0) as failed,
      coalesce(replayed, 0) as replayed, coalesce(pending, 0) as pending, success_rate as "successRate",
      avg_latency_ms as "avgLatencyMs", last_sent_at as "lastSentAt", last_error_at as "lastErrorAt",
      coalesce(codes, '[]'::json) as "topErrorCodes"
    from figures
    full join waiting using (channel_target)
    left join top using (channel_target)
    order by channel_target
  `.execute(db);
  return rows;
}

const countsOf = sql`
  (count(*) filter (where attempt_status = 'SENT'))::integer as sent,
  (count(*) filter (where attempt_status = 'RETRY'))::integer as retried,
  (count(*) filter (where attempt_status = 'DEAD'))::integer as dead,
  (count(*) filter (where attempt_status = 'FAILED'))::integer as failed`;

const successRate = sql`
  (count(*) filter (where attempt_status = 'SENT'))::double precision
    / nullif(count(*) filter (where attempt_status in ('SENT', 'DEAD', 'FAILED')), 0)`;

function waitingCondition(filter: StatisticsFilter) {
  return allOf([
    sql`status in ('PENDING', 'RETRYING')`,
    sql`created_at between ${filter.from}::timestamptz and ${filter.to}::timestamptz`,
    filter.channelTarget === undefined ? null : sql`channel_target = ${filter.channelTarget}`,
    filter.eventType === undefined ? null : sql`event_type = ${filter.eventType}`,
    filter.alertId === undefined ? null : sql`alert_id = ${filter.alertId}`,
  ]);
}
