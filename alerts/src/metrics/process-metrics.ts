import { Counter, Gauge, Histogram, metricsRegistry } from "@rossmann/core";

/** What one process counts for itself; figures that all processes share are in `shared-metrics.ts`. */

export const configReloadSuccess = new Gauge({
  name: "preflight_config_last_reload_success",
  help: "1 when the policy or channel file in use is the present one, 0 while a refused change waits for mending",
  labelNames: ["file"],
  registers: [metricsRegistry],
});

export const configReloadRefused = new Counter({
  name: "preflight_config_reloads_refused_total",
  help: "Changes of the policy or channel file that were refused",
  labelNames: ["file"],
  registers: [metricsRegistry],
});

export const evaluationSeconds = new Histogram({
  name: "preflight_alert_evaluation_seconds",
  help: "Time one evaluation of all policies takes",
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
  registers: [metricsRegistry],
});

export const evaluationErrors = new Counter({
  name: "preflight_alert_evaluation_errors_total",
  help: "Evaluations of a single policy that failed; no alert changes by one",
  labelNames: ["policy_id"],
  registers: [metricsRegistry],
});

export const leaseLost = new Counter({
  name: "preflight_scheduler_lease_lost_total",
  help: "Times this process lost a lease while it was working; what it had not committed was refused",
  registers: [metricsRegistry],
});

export const deliveriesInFlight = new Gauge({
  name: "preflight_notifications_in_flight",
  help: "Deliveries under way in this process",
  labelNames: ["channel_target"],
  registers: [metricsRegistry],
});

export const lateCompletions = new Counter({
  name: "preflight_notifications_late_completions_total",
  help: "Attempts whose lease another process had taken over when they ended; their result was not written",
  registers: [metricsRegistry],
});
