import type { ChannelStats, DeliveryStats, DeliveryTrend, OutcomeCount } from "@rossmann/warehouse";
import { z } from "zod";
import { timeWindowQuery } from "../time-window.ts";
import { ATTEMPT_STATUSES, attemptSchema, EVENT_TYPES, OUTBOX_STATUSES } from "./notifications.ts";
import { pageAnswer, pageQuery } from "./paging.ts";
import { instant, oneOf } from "./values.ts";

const filterWord = () => z.string().max(160).optional();

/** What every statistic over the ledger may be narrowed by; the window is over when attempts began. */
export const statisticsQuerySchema = z.object({
  ...timeWindowQuery,
  event_type: filterWord().describe(EVENT_TYPES.join(", ")),
  channel_target: filterWord(),
  status: filterWord().describe(OUTBOX_STATUSES.join(", ")),
});

export const trendsQuerySchema = statisticsQuerySchema.extend({
  bucket: oneOf(["day", "hour"]).default("day"),
});

export const attemptsQuerySchema = z.object({
  ...pageQuery(1_000, 100),
  ...timeWindowQuery,
  event_type: filterWord().describe(EVENT_TYPES.join(", ")),
  channel_target: filterWord(),
  attempt_status: filterWord().describe(ATTEMPT_STATUSES.join(", ")),
  alert_id: filterWord(),
  outbox_item_id: filterWord().describe("The attempts of one notification"),
});

/** The filters as they were understood. */
export const filtersSchema = z
  .object({
    days: z.int().nullable(),
    date_from: instant(),
    date_to: instant(),
    event_type: z.string().nullable(),
    channel_target: z.string().nullable(),
    status: z.string().nullable(),
    attempt_status: z.string().nullable(),
    alert_id: z.string().nullable(),
  })
  .meta({ id: "NotificationFilters" });

const byKey = z.record(z.string(), z.int());
const latency = z.object({
  count: z.int(),
  avg_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});

export const statsSchema = z
  .object({
    total_events: z.int().describe("Attempts, begun or ended"),
    sent_count: z.int(),
    retry_count: z.int(),
    dead_count: z.int(),
    failed_attempt_count: z.int().describe("Attempts whose process ended before they did"),
    replay_count: z.int().describe("Attempts of replayed notifications"),
    pending_count: z.int(),
    success_rate: z.number().describe("SENT of all that ended for good; 0 when none has"),
    avg_delivery_latency_ms: z.number().nullable().describe("Over all attempts that have ended"),
    p95_delivery_latency_ms: z.number().nullable(),
    p95_sent_latency_ms: z.number().nullable().describe("Over successful deliveries only"),
    oldest_pending_age_seconds: z.number().nullable(),
    runtime_observability: z
      .object({
        counters: z.object({
          enqueue_total: byKey,
          dispatch_attempt_total: byKey,
          dispatch_sent_total: byKey,
          dispatch_retry_total: byKey,
          dispatch_dead_total: byKey,
          replay_total: byKey,
        }),
        latency: z.object({ delivery_latency_ms: latency, end_to_end_latency_ms: latency }),
      })
      .describe(
        "The same by event type, channel and error code, of all processes; end to end: creation to delivery",
      ),
    filters: filtersSchema,
  })
  .meta({ id: "NotificationStats" });

export const trendsSchema = z
  .object({
    bucket: z.enum(["day", "hour"]),
    filters: filtersSchema,
    items: z.array(
      z.object({
        bucket_start: instant(),
        sent_count: z.int(),
        retry_count: z.int(),
        dead_count: z.int(),
        failed_attempt_count: z.int(),
        replay_count: z.int(),
        avg_delivery_latency_ms: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: "NotificationTrends" });

export const channelsSchema = z
  .object({
    filters: filtersSchema,
    items: z.array(
      z.object({
        channel_target: z.string(),
        sent_count: z.int(),
        retry_count: z.int(),
        dead_count: z.int(),
        failed_attempt_count: z.int(),
        replay_count: z.int(),
        pending_count: z.int(),
        success_rate: z.number(),
        avg_delivery_latency_ms: z.number().nullable(),
        last_sent_at: instant().nullable(),
        last_error_at: instant().nullable(),
        top_error_codes: z.array(z.object({ error_code: z.string(), count: z.int() })),
      }),
    ),
  })
  .meta({ id: "NotificationChannels" });

export const attemptsSchema = z
  .object({ ...pageAnswer, filters: filtersSchema, items: z.array(attemptSchema).describe("Newest first") })
  .meta({ id: "DeliveryAttempts" });

export type NotificationFilters = z.output<typeof filtersSchema>;
export type NotificationStats = z.output<typeof statsSchema>;
export type NotificationStatsQuery = z.input<typeof statisticsQuerySchema>;
export type NotificationTrends = z.output<typeof trendsSchema>;
export type NotificationTrendsQuery = z.input<typeof trendsQuerySchema>;
export type NotificationChannels = z.output<typeof channelsSchema>;
export type DeliveryAttempts = z.output<typeof attemptsSchema>;
export type DeliveryAttemptsQuery = z.input<typeof attemptsQuerySchema>;

export function statsAnswer(
  stats: DeliveryStats,
  outcomes: readonly OutcomeCount[],
  filters: NotificationFilters,
): NotificationStats {
  const counted = (outcome: OutcomeCount["outcome"], withCode = false) =>
    Object.fromEntries(
      outcomes
        .filter((each) => each.outcome === outcome)
        .map((each) => [
          [each.eventType, each.channelTarget, ...(withCode ? [each.errorCode ?? "UNKNOWN"] : [])].join("|"),
          each.count,
        ]),
    );
  return {
    total_events: stats.attempts,
    sent_count: stats.sent,
    retry_count: stats.retried,
    dead_count: stats.dead,
    failed_attempt_count: stats.failed,
    replay_count: stats.replayed,
    pending_count: stats.pending,
    success_rate: stats.successRate ?? 0,
    avg_delivery_latency_ms: stats.avgLatencyMs,
    p95_delivery_latency_ms: stats.p95LatencyMs,
    p95_sent_latency_ms: stats.p95SentLatencyMs,
    oldest_pending_age_seconds: stats.oldestPendingAgeSeconds,
    runtime_observability: {
      counters: {
        enqueue_total: counted("ENQUEUED"),
        dispatch_attempt_total: counted("ATTEMPT"),
        dispatch_sent_total: counted("SENT"),
        dispatch_retry_total: counted("RETRY", true),
        dispatch_dead_total: counted("DEAD", true),
        replay_total: counted("REPLAYED"),
      },
      latency: {
        delivery_latency_ms: {
          count: stats.ended,
          avg_ms: stats.avgLatencyMs,
          p95_ms: stats.p95LatencyMs,
        },
        end_to_end_latency_ms: {
          count: stats.sent,
          avg_ms: stats.avgEndToEndMs,
          p95_ms: stats.p95EndToEndMs,
        },
      },
    },
    filters,
  };
}

export const trendAnswer = (trend: DeliveryTrend): NotificationTrends["items"][number] => ({
  bucket_start: trend.bucketStart.toISOString(),
  sent_count: trend.sent,
  retry_count: trend.retried,
  dead_count: trend.dead,
  failed_attempt_count: trend.failed,
  replay_count: trend.replayed,
  avg_delivery_latency_ms: trend.avgLatencyMs,
});

export const channelAnswer = (channel: ChannelStats): NotificationChannels["items"][number] => ({
  channel_target: channel.channelTarget === "" ? "unknown" : channel.channelTarget,
  sent_count: channel.sent,
  retry_count: channel.retried,
  dead_count: channel.dead,
  failed_attempt_count: channel.failed,
  replay_count: channel.replayed,
  pending_count: channel.pending,
  success_rate: channel.successRate ?? 0,
  avg_delivery_latency_ms: channel.avgLatencyMs,
  last_sent_at: channel.lastSentAt?.toISOString() ?? null,
  last_error_at: channel.lastErrorAt?.toISOString() ?? null,
  top_error_codes: channel.topErrorCodes.map(({ errorCode, count }) => ({ error_code: errorCode, count })),
});
