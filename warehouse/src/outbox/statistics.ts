import { sql } from "kysely";
import { allOf } from "../alerts/alerts.ts";
import type { Db } from "../db.ts";
import { type AttemptFilter, attemptCondition } from "./reading.ts";

/** A window over the ledger, by when attempts began. */
export interface StatisticsFilter extends Omit<AttemptFilter, "after" | "limit" | "offset"> {
  from: Date;
  to: Date;
  /** which waiting notifications count as pending; absent: all that wait */
  waiting?: readonly ("PENDING" | "RETRYING")[];
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
  /** attempts that have ended */
  ended: number;
  /** from the creation of a notification to its delivery; null when none was delivered */
  avgEndToEndMs: number | null;
  p95EndToEndMs: number | null;
}

/** Figures of the window, from the ledger; and what of it still waits. */
export async function deliveryStats(db: Db, filter: StatisticsFilter): Promise<DeliveryStats> {
  const { rows } = await sql<DeliveryStats>`
    with attempt as (select * from v_notification_attempt where ${attemptCondition(filter)}),
    waiting as (select created_at from preflight_notification_outbox where ${waitingCondition(filter)}),
    delivered as (
      select (extract(epoch from a.completed_at - o.created_at) * 1000)::double precision as ms
      from attempt as a join preflight_notification_outbox as o on o.id = a.outbox_item_id
      where a.attempt_status = 'SENT'
    )
    select
      count(*)::integer as attempts, ${countsOf},
      (count(*) filter (where replayed_from_id is not null))::integer as replayed,
      (select count(*)::integer from waiting) as pending,
      ${successRate} as "successRate",
      avg(duration_ms)::double precision as "avgLatencyMs",
      percentile_cont(0.95) within group (order by duration_ms) as "p95LatencyMs",
      percentile_cont(0.95) within group (order by duration_ms) filter (where attempt_status = 'SENT') as "p95SentLatencyMs",
      (select floor(extract(epoch from clock_timestamp() - min(created_at)))::double precision from waiting) as "oldestPendingAgeSeconds",
      count(duration_ms)::integer as ended,
      (select avg(ms)::double precision from delivered) as "avgEndToEndMs",
      (select percentile_cont(0.95) within group (order by ms) from delivered) as "p95EndToEndMs"
    from attempt
  `.execute(db);
  return rows[0]!;
}

/** How often something happened to notifications of one event type on one channel. */
export interface OutcomeCount {
  outcome: "ENQUEUED" | "REPLAYED" | "ATTEMPT" | "SENT" | "RETRY" | "DEAD" | "FAILED";
  eventType: string;
  channelTarget: string;
  /** null but for RETRY, DEAD and FAILED */
  errorCode: string | null;
  count: number;
}

/** What happened in the window: notifications that were made (ENQUEUED, REPLAYED), attempts that were begun, and their ends. */
export async function outcomeCounts(db: Db, filter: StatisticsFilter): Promise<OutcomeCount[]> {
  const { rows } = await sql<OutcomeCount>`
    with attempt as (select * from v_notification_attempt where ${attemptCondition(filter)}),
    happened as (
      select case when replayed_from_id is null then 'ENQUEUED' else 'REPLAYED' end as outcome,
        event_type, channel_target, null::text as error_code
      from preflight_notification_outbox where ${madeCondition(filter)}
      union all
      select 'ATTEMPT', event_type, channel_target, null from attempt
      union all
      select attempt_status, event_type, channel_target, error_code from attempt where attempt_status <> 'STARTED'
    )
    select outcome, event_type as "eventType", channel_target as "channelTarget", error_code as "errorCode",
      count(*)::integer as count
    from happened group by 1, 2, 3, 4 order by 1, 2, 3, 4
  `.execute(db);
  return rows;
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
    filter.waiting === undefined ? null : sql`status = any(${[...filter.waiting]}::text[])`,
    madeCondition(filter),
  ]);
}

function madeCondition(filter: StatisticsFilter) {
  return allOf([
    sql`created_at between ${filter.from}::timestamptz and ${filter.to}::timestamptz`,
    filter.channelTarget === undefined ? null : sql`channel_target = ${filter.channelTarget}`,
    filter.eventType === undefined ? null : sql`event_type = ${filter.eventType}`,
    filter.alertId === undefined ? null : sql`alert_id = ${filter.alertId}`,
  ]);
}
