import { SEVERITIES } from "../policy.ts";
import { type SharedFamilies, sum } from "./shared-families.ts";

/** Alerts, what keeps them quiet, and how their policies fare. */
export function declareAlertFamilies({ counter, gauge }: SharedFamilies): void {
  gauge(
    "preflight_alerts_active",
    "Alerts that are pending or firing",
    ["severity", "status"],
    ({ gauges }) =>
      SEVERITIES.flatMap((severity) =>
        ["PENDING", "FIRING"].map((status) => ({
          labels: { severity, status },
          value: sum(
            gauges.active
              .filter((each) => each.severity === severity && each.status === status)
              .map(({ count }) => count),
          ),
        })),
      ),
  );
  gauge(
    "preflight_alerts_muted",
    "Firing alerts that are silenced or acknowledged",
    ["severity", "reason"],
    ({ gauges, silenced }) =>
      SEVERITIES.flatMap((severity) => [
        {
          labels: { severity, reason: "silenced" },
          value: sum(silenced.filter((each) => each.severity === severity).map(({ count }) => count)),
        },
        {
          labels: { severity, reason: "acknowledged" },
          value: sum(
            gauges.active
              .filter((each) => each.severity === severity && each.status === "FIRING" && each.muted)
              .map(({ count }) => count),
          ),
        },
      ]),
  );
  counter(
    "preflight_alert_transitions_total",
    "Changes of an alert's state, by the state entered",
    ["event_type"],
    () => ["PENDING", "FIRING", "RESOLVED", "OK"].map((event_type) => ({ event_type })),
  );
  counter("preflight_alert_actions_total", "What people and the platform did to alerts", ["event_type"], () =>
    [
      "ACKED",
      "UNACKED",
      "SILENCED",
      "UNSILENCED",
      "EVALUATED",
      "REPLAYED",
      "ENDPOINT_DISABLED",
      "ENDPOINT_ENABLED",
    ].map((event_type) => ({ event_type })),
  );
  gauge("preflight_alert_silences_active", "Silences in force", [], ({ gauges }) => [
    { labels: {}, value: gauges.activeSilences },
  ]);
  gauge(
    "preflight_alert_policy_healthy",
    "1 when the last evaluation of the policy worked, 0 when it failed",
    ["policy_id"],
    ({ gauges }) =>
      gauges.policyHealth.map(({ policyId, health }) => ({
        labels: { policy_id: policyId },
        value: health === "error" ? 0 : 1,
      })),
  );
}
