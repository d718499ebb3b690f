import type { ChannelEntry, DeliveryResult } from "@rossmann/alerts";
import type { EndpointHealth } from "@rossmann/warehouse";
import { z } from "zod";
import { instant } from "./values.ts";

export const endpointParamsSchema = z.object({
  channel_id: z.string().regex(/^[\w.-]{1,128}$/, "must be the id of a channel"),
});

export const endpointSchema = z
  .object({
    id: z.string(),
    channel_type: z.string(),
    enabled: z.boolean().describe("Switched on in the file"),
    target_hint: z.string().nullable().describe("Scheme and host; never path, user or secret"),
    has_target_url: z.boolean(),
    is_signed: z.boolean(),
    timeout_seconds: z.number(),
    max_attempts: z.int(),
    backoff_seconds: z.number().describe("The first wait between attempts"),
    retry_schedule_seconds: z.array(z.number()),
    enabled_event_types: z.array(z.string()),
    state: z
      .enum(["ok", "open", "disabled", "unused"])
      .describe(
        "open: it failed too often and is only probed; disabled: nothing is sent until a person enables it again",
      ),
    consecutive_failures: z.int(),
    last_success_at: instant().nullable(),
    last_failure_at: instant().nullable(),
    open_until: instant().nullable(),
    disabled_at: instant().nullable(),
    disabled_reason: z.string().nullable(),
  })
  .meta({ id: "NotificationEndpoint" });

export const endpointsSchema = z
  .object({
    version: z.string(),
    path: z.string(),
    items: z.array(endpointSchema).describe("In the order of the file, those that are switched off included"),
    refusal: z
      .string()
      .nullable()
      .describe("Why the present text of the file is not in use; the channels of before work on meanwhile"),
  })
  .meta({ id: "NotificationEndpoints" });

export const enabledSchema = z
  .object({ channel_target: z.string(), was_disabled: z.boolean() })
  .meta({ id: "EndpointEnabled" });

export const channelTestSchema = z
  .object({
    channel_target: z.string(),
    delivered: z.boolean(),
    http_status: z.int().nullable(),
    error_code: z.string().nullable(),
    error_message_safe: z.string().nullable(),
    duration_ms: z.int(),
  })
  .meta({ id: "ChannelTest" });

export type NotificationEndpoint = z.output<typeof endpointSchema>;
export type NotificationEndpoints = z.output<typeof endpointsSchema>;
export type ChannelTest = z.output<typeof channelTestSchema>;

export function endpointAnswer(
  entry: ChannelEntry,
  health: EndpointHealth | undefined,
): NotificationEndpoint {
  return {
    id: entry.id,
    channel_type: entry.type,
    enabled: entry.enabled,
    target_hint: entry.targetHint,
    has_target_url: entry.targetHint !== null,
    is_signed: entry.signed,
    timeout_seconds: entry.timeoutMs / 1_000,
    max_attempts: entry.scheduleMs.length + 1,
    backoff_seconds: (entry.scheduleMs[0] ?? 0) / 1_000,
    retry_schedule_seconds: entry.scheduleMs.map((ms) => ms / 1_000),
    enabled_event_types: entry.eventTypes,
    state: stateOf(health),
    consecutive_failures: health?.consecutiveFailures ?? 0,
    last_success_at: health?.lastSuccessAt?.toISOString() ?? null,
    last_failure_at: health?.lastFailureAt?.toISOString() ?? null,
    open_until: health?.openUntil?.toISOString() ?? null,
    disabled_at: health?.disabledAt?.toISOString() ?? null,
    disabled_reason: health?.disabledReason ?? null,
  };
}

export function channelTestAnswer(
  channelId: string,
  result: DeliveryResult,
  durationMs: number,
): ChannelTest {
  return {
    channel_target: channelId,
    delivered: result.delivered,
    http_status: result.httpStatus,
    error_code: result.errorCode,
    error_message_safe: result.errorMessage,
    duration_ms: Math.round(durationMs),
  };
}

function stateOf(health: EndpointHealth | undefined): NotificationEndpoint["state"] {
  if (health === undefined) return "unused";
  if (health.disabledAt !== null) return "disabled";
  return health.openUntil !== null ? "open" : "ok";
}
