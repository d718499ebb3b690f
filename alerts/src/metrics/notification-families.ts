import { EVENT_TYPES } from "../outbox/channels.ts";
import type { SharedFamilies } from "./shared-families.ts";

const LATENCY_BOUNDS_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];
const ATTEMPT_ENDS = ["SENT", "RETRY", "DEAD", "FAILED"];

/** The outbox, its deliveries and their endpoints. */
export function declareNotificationFamilies(
  { counter, gauge, histogram }: SharedFamilies,
  channelIds: () => Promise<string[]>,
): void {
  counter(
    "preflight_notifications_attempts_total",
    "Delivery attempts begun (STARTED) and ended, by outcome",
    ["attempt_status", "channel_target", "event_type"],
    async () =>
      (await channelIds()).flatMap((channel_target) =>
        EVENT_TYPES.flatMap((event_type) =>
          ["STARTED", ...ATTEMPT_ENDS].map((attempt_status) => ({
            attempt_status,
            channel_target,
            event_type,
          })),
        ),
      ),
  );
  counter(
    "preflight_notifications_dispatch_errors_total",
    "Delivery attempts that did not succeed",
    [],
    () => [{}],
    (counters) =>
      counters
        .filter(
          ({ name, labels }) =>
            name === "preflight_notifications_attempts_total" &&
            ["RETRY", "DEAD", "FAILED"].includes(labels.attempt_status ?? ""),
        )
        .map(({ name, value }) => ({ name, labels: {}, value })),
  );
  counter("preflight_notifications_replays_total", "Notifications that were replayed", [], () => [{}]);
  gauge(
    "preflight_notifications_outbox_pending",
    "Notifications that wait for delivery or for another attempt",
    [],
    ({ gauges }) => [{ labels: {}, value: gauges.outboxPending }],
  );
  gauge(
    "preflight_notifications_outbox_dead",
    "Notifications that were given up and not replayed",
    [],
    ({ gauges }) => [{ labels: {}, value: gauges.outboxDead }],
  );
  gauge(
    "preflight_notifications_outbox_oldest_pending_age_seconds",
    "Age of the oldest waiting notification; 0 when none waits",
    [],
    ({ gauges }) => [{ labels: {}, value: gauges.oldestPendingAgeSeconds }],
  );
  gauge(
    "preflight_notifications_endpoint_open",
    "1 while the endpoint's circuit is open: it is probed, nothing else is sent",
    ["channel_target"],
    ({ gauges }) =>
      gauges.endpoints.map(({ channelTarget, isOpen }) => ({
        labels: { channel_target: channelTarget },
        value: isOpen ? 1 : 0,
      })),
  );
  gauge(
    "preflight_notifications_endpoint_disabled",
    "1 while the endpoint is disabled until a person enables it",
    ["channel_target"],
    ({ gauges }) =>
      gauges.endpoints.map(({ channelTarget, isDisabled }) => ({
        labels: { channel_target: channelTarget },
        value: isDisabled ? 1 : 0,
      })),
  );

  histogram(
    "preflight_notifications_delivery_latency_ms",
    "How long delivery attempts took, by channel and outcome",
    ["attempt_status", "channel_target"],
    LATENCY_BOUNDS_MS,
    async (counted) => {
      const known = new Set([...(await channelIds()), ...counted.map((labels) => labels.channel_target)]);
      return [...known]
        .sort()
        .flatMap((channel_target) =>
          ATTEMPT_ENDS.map((attempt_status) => ({ attempt_status, channel_target })),
        );
    },
  );
}
