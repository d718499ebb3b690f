import { type RawBuilder, sql } from "kysely";
import { allOf } from "../alerts/alerts.ts";
import type { Db } from "../db.ts";

export type OutboxStatus = "PENDING" | "RETRYING" | "SENT" | "DEAD" | "FAILED";

/** One notification on one channel. */
export interface OutboxItem {
  id: string;
  eventId: string;
  deliveryId: string;
  replayedFromId: string | null;
  replayedAsId: string | null;
  eventType: string;
  alertId: string;
  policyId: string;
  severity: string | null;
  sourceName: string | null;
  groupKey: string;
  /** null until the envelope was claimed for the first time */
  payload: Record<string, unknown> | null;
  channelType: string;
  channelTarget: string;
  status: OutboxStatus;
  attemptCount: number;
  maxAttempts: number;
  nextRetryAt: Date;
  isBeingSent: boolean;
  lastError: string | null;
  lastHttpStatus: number | null;
  lastErrorCode: string | null;
  createdAt: Date;
  updatedAt: Date;
  sentAt: Date | null;
}

export function outboxColumns(alias: string): RawBuilder<unknown> {
  const c = (name: string) => sql.ref(`${alias}.${name}`);
  return sql`
    ${c("id")}, ${c("event_id")} as "eventId", ${c("delivery_id")} as "deliveryId", ${c("replayed_from_id")} as "replayedFromId",
    ${c("replayed_as_id")} as "replayedAsId", ${c("event_type")} as "eventType", ${c("alert_id")} as "alertId",
    ${c("policy_id")} as "policyId", ${c("severity")}, ${c("source_name")} as "sourceName", ${c("group_key")} as "groupKey",
    ${c("payload_json")} as payload, ${c("channel_type")} as "channelType", ${c("channel_target")} as "channelTarget",
    ${c("status")}, ${c("attempt_count")} as "attemptCount", ${c("max_attempts")} as "maxAttempts",
    ${c("next_retry_at")} as "nextRetryAt", coalesce(${c("lease_until")} > clock_timestamp(), false) as "isBeingSent",
    ${c("last_error")} as "lastError", ${c("last_http_status")} as "lastHttpStatus", ${c("last_error_code")} as "lastErrorCode",
    ${c("created_at")} as "createdAt", ${c("updated_at")} as "updatedAt", ${c("sent_at")} as "sentAt"`;
}

export interface OutboxFilter {
  statuses?: readonly OutboxStatus[];
  channelTarget?: string;
  eventType?: string;
  alertId?: string;
  /** `id` of the last row of the page before */
  after?: string;
  limit?: number;
}

/** Notifications, newest first. */
export async function listOutbox(db: Db, filter: OutboxFilter = {}): Promise<OutboxItem[]> {
  const where = allOf([
    filter.statuses === undefined ? null : sql`o.status = any(${[...filter.statuses]}::text[])`,
    filter.channelTarget === undefined ? null : sql`o.channel_target = ${filter.channelTarget}`,
    filter.eventType === undefined ? null : sql`o.event_type = ${filter.eventType}`,
    filter.alertId === undefined ? null : sql`o.alert_id = ${filter.alertId}`,
    filter.after === undefined
      ? null
      : sql`o.sequence < (select sequence from preflight_notification_outbox where id = ${filter.after})`,
  ]);
  const { rows } = await sql<OutboxItem>`
    select ${outboxColumns("o")} from preflight_notification_outbox as o
    where ${where} order by o.sequence desc limit ${filter.limit ?? 50}
  `.execute(db);
  return rows;
}

export type AttemptStatus = "STARTED" | "SENT" | "RETRY" | "DEAD" | "FAILED";

/** One attempt of the ledger. */
export interface DeliveryAttempt {
  attemptId: string;
  outboxItemId: string;
  eventId: string;
  deliveryId: string;
  replayedFromId: string | null;
  channelType: string;
  channelTarget: string;
  eventType: string;
  alertId: string;
  policyId: string;
  sourceName: string | null;
  attemptNumber: number;
  attemptStatus: AttemptStatus;
  startedAt: Date;
  completedAt: Date | null;
  durationMs: number | null;
  httpStatus: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  responseExcerpt: string | null;
}

const attemptColumns = sql`
  attempt_id as "attemptId", outbox_item_id as "outboxItemId", event_id as "eventId", delivery_id as "deliveryId",
  replayed_from_id as "replayedFromId", channel_type as "channelType", channel_target as "channelTarget",
  event_type as "eventType", alert_id as "alertId", policy_id as "policyId", source_name as "sourceName",
  attempt_number as "attemptNumber", attempt_status as "attemptStatus", started_at as "startedAt",
  completed_at as "completedAt", duration_ms as "durationMs", http_status as "httpStatus", error_code as "errorCode",
  error_message_safe as "errorMessage", response_excerpt as "responseExcerpt"`;

export interface AttemptFilter {
  from?: Date;
  to?: Date;
  attemptStatus?: AttemptStatus;
  channelTarget?: string;
  eventType?: string;
  alertId?: string;
  outboxItemId?: string;
  /** `attemptId` of the last row of the page before */
  after?: string;
  limit?: number;
  offset?: number;
}

/** Attempts, newest first. */
export async function listAttempts(db: Db, filter: AttemptFilter = {}): Promise<DeliveryAttempt[]> {
  const { rows } = await sql<DeliveryAttempt>`
    select ${attemptColumns} from v_notification_attempt where ${attemptCondition(filter)}
    order by started_at desc, attempt_id desc limit ${filter.limit ?? 100} offset ${filter.offset ?? 0}
  `.execute(db);
  return rows;
}

export async function countAttempts(db: Db, filter: AttemptFilter = {}): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from v_notification_attempt where ${attemptCondition({ ...filter, after: undefined })}
  `.execute(db);
  return rows[0]?.count ?? 0;
}

/** One attempt; null when there is none of that id. */
export async function findAttempt(db: Db, attemptId: string): Promise<DeliveryAttempt | null> {
  const { rows } = await sql<DeliveryAttempt>`
    select ${attemptColumns} from v_notification_attempt where attempt_id = ${attemptId}
  `.execute(db);
  return rows[0] ?? null;
}

/** The condition that a filter stands for, over `v_notification_attempt`. */
export function attemptCondition(filter: AttemptFilter): RawBuilder<unknown> {
  return allOf([
    filter.from === undefined ? null : sql`started_at >= ${filter.from}::timestamptz`,
    filter.to === undefined ? null : sql`started_at <= ${filter.to}::timestamptz`,
    filter.attemptStatus === undefined ? null : sql`attempt_status = ${filter.attemptStatus}`,
    filter.channelTarget === undefined ? null : sql`channel_target = ${filter.channelTarget}`,
    filter.eventType === undefined ? null : sql`event_type = ${filter.eventType}`,
    filter.alertId === undefined ? null : sql`alert_id = ${filter.alertId}`,
    filter.outboxItemId === undefined ? null : sql`outbox_item_id = ${filter.outboxItemId}`,
    filter.after === undefined
      ? null
      : sql`(started_at, attempt_id) < (
          select started_at, attempt_id from preflight_notification_delivery_attempt where attempt_id = ${filter.after})`,
  ]);
}
