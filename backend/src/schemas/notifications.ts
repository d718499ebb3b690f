import type { DispatchReport } from "@rossmann/alerts";
import type { DeliveryAttempt, OutboxItem } from "@rossmann/warehouse";
import { z } from "zod";
import { alertIdSchema } from "./alerts.ts";
import { pageAnswer, pageQuery } from "./paging.ts";
import { instant, wholeNumber } from "./values.ts";

export const EVENT_TYPES = ["ALERT_FIRING", "ALERT_RESOLVED"] as const;
export const OUTBOX_STATUSES = ["PENDING", "RETRYING", "SENT", "DEAD", "FAILED"] as const;
export const ATTEMPT_STATUSES = ["STARTED", "SENT", "RETRY", "DEAD", "FAILED"] as const;

const filterWord = () => z.string().max(160).optional();
const id = () => z.string().regex(/^[\w-]{1,64}$/, "must be the id of a notification or attempt");

export const outboxQuerySchema = z.object({
  ...pageQuery(1_000, 50),
  status: filterWord().describe(`${OUTBOX_STATUSES.join(", ")}, ALL`),
  channel_target: filterWord(),
  event_type: filterWord().describe(EVENT_TYPES.join(", ")),
  alert_id: alertIdSchema.optional(),
});

export const outboxItemParamsSchema = z.object({ item_id: id() });
export const attemptParamsSchema = z.object({ attempt_id: id() });

export const outboxItemSchema = z
  .object({
    id: z.string(),
    event_id: z
      .string()
      .describe("The same over retries, replays and channels: receivers de-duplicate on it"),
    delivery_id: z.string().describe("Another one for every attempt"),
    replayed_from_id: z.string().nullable().describe("The notification that this one repeats"),
    replayed_as_id: z.string().nullable().describe("The notification that repeats this one"),
    event_type: z.string(),
    alert_id: z.string(),
    policy_id: z.string(),
    severity: z.string().nullable(),
    source_name: z.string().nullable(),
    group_key: z.string().describe("Notifications of one group go out in order"),
    payload_json: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe("What is sent; null while more alerts of the group may join"),
    channel_type: z.string(),
    channel_target: z.string(),
    status: z.enum(OUTBOX_STATUSES),
    is_being_sent: z.boolean(),
    attempt_count: z.int(),
    max_attempts: z.int(),
    next_retry_at: instant(),
    last_error: z.string().nullable(),
    last_http_status: z.int().nullable(),
    last_error_code: z.string().nullable(),
    created_at: instant(),
    updated_at: instant(),
    sent_at: instant().nullable(),
  })
  .meta({ id: "OutboxItem" });

export const outboxSchema = z
  .object({ ...pageAnswer, items: z.array(outboxItemSchema).describe("Newest first") })
  .meta({ id: "Outbox" });

export const attemptSchema = z
  .object({
    attempt_id: z.string(),
    outbox_item_id: z.string(),
    event_id: z.string(),
    delivery_id: z.string(),
    replayed_from_id: z.string().nullable(),
    channel_type: z.string(),
    channel_target: z.string(),
    event_type: z.string(),
    alert_id: z.string(),
    policy_id: z.string(),
    source_name: z.string().nullable(),
    attempt_number: z.int(),
    attempt_status: z.enum(ATTEMPT_STATUSES),
    started_at: instant(),
    completed_at: instant().nullable(),
    duration_ms: z.int().nullable(),
    http_status: z.int().nullable(),
    error_code: z.string().nullable(),
    error_message_safe: z.string().nullable(),
    response_excerpt: z.string().nullable().describe("The beginning of what the receiver answered"),
    created_at: instant(),
  })
  .meta({ id: "DeliveryAttempt" });

export const deliveriesQuerySchema = z.object({
  page: wholeNumber(1, 1_000_000).default(1),
  page_size: wholeNumber(1, 200).default(25),
  status: filterWord().describe(
    `${ATTEMPT_STATUSES.join(", ")}; PENDING and RETRYING mean STARTED and RETRY`,
  ),
  channel_target: filterWord(),
});

export const deliveriesSchema = z
  .object({
    page: z.int(),
    page_size: z.int(),
    total: z.int(),
    status: z.string().nullable(),
    items: z.array(attemptSchema).describe("Newest first"),
  })
  .meta({ id: "Deliveries" });

export const dispatchQuerySchema = z.object({
  limit: wholeNumber(1, 1_000).default(50).describe("Most deliveries; default 50"),
});

export const dispatchSchema = z
  .object({
    actor: z.string(),
    dispatched_at: instant(),
    processed_count: z.int(),
    sent_count: z.int(),
    retrying_count: z.int(),
    dead_count: z.int(),
    failed_count: z.int().describe("retrying_count + dead_count"),
  })
  .meta({ id: "Dispatch" });

export const replayDeadQuerySchema = dispatchQuerySchema.extend({ channel_target: filterWord() });

export const replaySchema = z
  .object({
    actor: z.string(),
    replayed_count: z.int().describe("Copies that this request made; asking again makes none"),
    items: z.array(outboxItemSchema),
  })
  .meta({ id: "Replay" });

export type OutboxItemAnswer = z.output<typeof outboxItemSchema>;
export type OutboxPage = z.output<typeof outboxSchema>;
export type OutboxQuery = z.input<typeof outboxQuerySchema>;
export type Attempt = z.output<typeof attemptSchema>;
export type Deliveries = z.output<typeof deliveriesSchema>;
export type DeliveriesQuery = z.input<typeof deliveriesQuerySchema>;
export type Dispatch = z.output<typeof dispatchSchema>;
export type Replay = z.output<typeof replaySchema>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function outboxAnswer(item: OutboxItem): OutboxItemAnswer {
  return {
    id: item.id,
    event_id: item.eventId,
    delivery_id: item.deliveryId,
    replayed_from_id: item.replayedFromId,
    replayed_as_id: item.replayedAsId,
    event_type: item.eventType,
    alert_id: item.alertId,
    policy_id: item.policyId,
    severity: item.severity,
    source_name: item.sourceName,
    group_key: item.groupKey,
    payload_json: item.payload,
    channel_type: item.channelType,
    channel_target: item.channelTarget,
    status: item.status,
    is_being_sent: item.isBeingSent,
    attempt_count: item.attemptCount,
    max_attempts: item.maxAttempts,
    next_retry_at: item.nextRetryAt.toISOString(),
    last_error: item.lastError,
    last_http_status: item.lastHttpStatus,
    last_error_code: item.lastErrorCode,
    created_at: item.createdAt.toISOString(),
    updated_at: item.updatedAt.toISOString(),
    sent_at: iso(item.sentAt),
  };
}

export function attemptAnswer(attempt: DeliveryAttempt): Attempt {
  return {
    attempt_id: attempt.attemptId,
    outbox_item_id: attempt.outboxItemId,
    event_id: attempt.eventId,
    delivery_id: attempt.deliveryId,
    replayed_from_id: attempt.replayedFromId,
    channel_type: attempt.channelType,
    channel_target: attempt.channelTarget,
    event_type: attempt.eventType,
    alert_id: attempt.alertId,
    policy_id: attempt.policyId,
    source_name: attempt.sourceName,
    attempt_number: attempt.attemptNumber,
    attempt_status: attempt.attemptStatus,
    started_at: attempt.startedAt.toISOString(),
    completed_at: iso(attempt.completedAt),
    duration_ms: attempt.durationMs,
    http_status: attempt.httpStatus,
    error_code: attempt.errorCode,
    error_message_safe: attempt.errorMessage,
    response_excerpt: attempt.responseExcerpt,
    // The row is written when the attempt begins.
    created_at: attempt.startedAt.toISOString(),
  };
}

export function dispatchAnswer(report: DispatchReport, actor: string, at: Date): Dispatch {
  return {
    actor,
    dispatched_at: at.toISOString(),
    processed_count: report.processed,
    sent_count: report.sent,
    retrying_count: report.retrying,
    dead_count: report.dead,
    failed_count: report.retrying + report.dead,
  };
}
