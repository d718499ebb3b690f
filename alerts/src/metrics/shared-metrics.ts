import { Counter, Gauge, metricsRegistry } from "@rossmann/core";
import {
  type AlertGauges,
  activeSilences,
  type CounterValue,
  type Db,
  listActiveAlerts,
  listSchedulerJobs,
  readAlertGauges,
  readCounters,
  type SchedulerJob,
} from "@rossmann/warehouse";
import { EVENT_TYPES } from "../outbox/channels.ts";
import { SEVERITIES } from "../policy.ts";
import { silencedAlerts } from "../silence.ts";
import { type HistogramSeries, SharedHistogram } from "./shared-histogram.ts";

type Registry = typeof metricsRegistry;

interface Snapshot {
  counters: CounterValue[];
  gauges: AlertGauges;
  jobs: SchedulerJob[];
  silenced: { severity: string; count: number }[];
}

export interface SharedMetricsOptions {
  db: Db;
  /** ids of the channels in the file: their counters show as zeros before the first delivery */
  channelIds: () => Promise<string[]>;
  registry?: Registry;
}

const LATENCY_BOUNDS_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];
const SOURCES = ["train", "store", "future"];
const MODES = ["report_only", "enforce"];
const VERDICTS = ["PASS", "WARN", "FAIL", "SKIPPED", "ERROR"];
const ATTEMPT_ENDS = ["SENT", "RETRY", "DEAD", "FAILED"];
const JOBS = ["alerts", "notifications"];
/** One scrape asks every family at the same moment; they share one reading of the database. */
const SNAPSHOT_MS = 500;

/**
 * Declare what all processes share: preflight runs, alerts, notifications and schedulers. Read from counters and small tables when
 * scraped, so that any process answers for all, and the cost does not grow with history.
 *
 * While the database is away the counters keep their last values, gauges are absent, `preflight_metrics_database_up` is 0 and
 * `preflight_metrics_render_errors_total` grows.
 */
export function registerSharedMetrics(options: SharedMetricsOptions): void {
  const { db, channelIds } = options;
  const registers = [options.registry ?? metricsRegistry];
  const renderErrors = new Counter({
    name: "preflight_metrics_render_errors_total",
    help: "Scrapes for which the shared figures could not be read",
    registers,
    // Waits, so that the scrape that failed shows itself.
    collect: async () => void (await snapshot()),
  });
  const databaseUp = new Gauge({
    name: "preflight_metrics_database_up",
    help: "1 when this scrape could read the shared figures, else 0",
    registers,
    collect: async () => void (await snapshot()),
  });

  let taken: { at: number; snapshot: Promise<Snapshot | null> } | null = null;
  const snapshot = (): Promise<Snapshot | null> => {
    const now = performance.now();
    if (taken === null || now - taken.at > SNAPSHOT_MS) taken = { at: now, snapshot: take() };
    return taken.snapshot;
  };
  const take = async (): Promise<Snapshot | null> => {
    try {
      const taken = await readAll(db);
      databaseUp.set(1);
      return taken;
    } catch {
      databaseUp.set(0);
      renderErrors.inc();
      return null;
    }
  };

  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    zeros: () => Promise<Record<Label, string>[]> | Record<Label, string>[],
    source: (counters: CounterValue[]) => CounterValue[] = (counters) =>
      counters.filter((each) => each.name === name),
  ) =>
    new Counter<Label>({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const now = await snapshot();
        if (now === null) return;
        this.reset();
        for (const labels of await zeros()) this.inc(labels, 0);
        for (const { labels, value } of source(now.counters))
          this.inc(labels as Record<Label, string>, value);
      },
    });
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    values: (now: Snapshot) => { labels: Record<Label, string>; value: number }[],
  ) =>
    new Gauge<Label>({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const now = await snapshot();
        this.reset();
        // Without labels reset leaves a 0 behind, which would read as a figure.
        if (now === null) return labelNames.length === 0 ? this.remove() : undefined;
        for (const { labels, value } of values(now)) this.set(labels, value);
      },
    });

  counter(
    "preflight_runs_total",
    "Preflight runs by verdict, mode and file",
    ["final_status", "mode", "source_name"],
    () =>
      SOURCES.flatMap((source_name) =>
        MODES.flatMap((mode) => VERDICTS.map((final_status) => ({ final_status, mode, source_name }))),
      ),
  );
  counter("preflight_blocked_total", "Preflight runs that blocked a load", ["source_name"], () =>
    SOURCES.map((source_name) => ({ source_name })),
  );
  gauge(
    "preflight_latest_run_timestamp_seconds",
    "When a file was last checked; 0 when never",
    ["source_name"],
    ({ gauges }) =>
      SOURCES.map((source_name) => {
        const latest = gauges.latestRuns.find((run) => run.sourceName === source_name);
        return { labels: { source_name }, value: seconds(latest?.at ?? null) };
      }),
  );

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

  for (const job of JOBS) {
    gauge(
      `preflight_${job}_scheduler_last_tick_timestamp_seconds`,
      `Last time the ${job} job succeeded; 0 when never`,
      [],
      ({ jobs }) => [
        { labels: {}, value: seconds(jobs.find(({ jobName }) => jobName === job)?.lastSuccessAt ?? null) },
      ],
    );
  }
  gauge(
    "preflight_scheduler_never_started",
    "1 for a job that no process has ever run",
    ["job"],
    ({ jobs }) =>
      JOBS.map((job) => ({
        labels: { job },
        value: jobs.some((each) => each.jobName === job && each.lastStartedAt !== null) ? 0 : 1,
      })),
  );
  gauge(
    "preflight_scheduler_last_duration_seconds",
    "How long the job's last tick took",
    ["job"],
    ({ jobs }) =>
      jobs.flatMap(({ jobName, lastDurationMs }) =>
        lastDurationMs === null ? [] : [{ labels: { job: jobName }, value: lastDurationMs / 1_000 }],
      ),
  );
  counter("preflight_scheduler_ticks_total", "Ticks by job and outcome", ["job", "outcome"], () =>
    JOBS.flatMap((job) => ["success", "failure"].map((outcome) => ({ job, outcome }))),
  );
  counter(
    "preflight_scheduler_ticks_skipped_total",
    "Ticks that passed while the one before still worked",
    ["job"],
    () => JOBS.map((job) => ({ job })),
  );

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

  const latency = new SharedHistogram(
    {
      name: "preflight_notifications_delivery_latency_ms",
      help: "How long delivery attempts took, by channel and outcome",
      labelNames: ["attempt_status", "channel_target"],
      bounds: LATENCY_BOUNDS_MS,
      registers: [],
    },
    async () => latencySeries((await snapshot())?.counters ?? [], await channelIds()),
  );
  for (const registry of registers) registry.registerMetric(latency);
}

async function readAll(db: Db): Promise<Snapshot> {
  const [counters, gauges, jobs, firing, silences] = await Promise.all([
    readCounters(db),
    readAlertGauges(db),
    listSchedulerJobs(db),
    listActiveAlerts(db, { status: "FIRING", limit: 1_000 }),
    activeSilences(db),
  ]);
  const silencedIds = silencedAlerts(firing.alerts, silences);
  const silenced = [
    ...Map.groupBy(
      firing.alerts.filter(({ alertId }) => silencedIds.has(alertId)),
      ({ severity }) => severity,
    ),
  ];
  return {
    counters,
    gauges,
    jobs,
    silenced: silenced.map(([severity, alerts]) => ({ severity, count: alerts.length })),
  };
}

function latencySeries(
  counters: readonly CounterValue[],
  channels: readonly string[],
): HistogramSeries<"attempt_status" | "channel_target">[] {
  const rows = counters.filter(({ name }) => name === "preflight_notifications_delivery_latency_ms");
  const known = new Set([...channels, ...rows.map(({ labels }) => labels.channel_target ?? "")]);
  return [...known].sort().flatMap((channel_target) =>
    ATTEMPT_ENDS.map((attempt_status) => {
      const ofSeries = rows.filter(
        ({ labels }) => labels.channel_target === channel_target && labels.attempt_status === attempt_status,
      );
      const valueAt = (le: string) => ofSeries.find(({ labels }) => labels.le === le)?.value ?? 0;
      return {
        labels: { attempt_status, channel_target },
        counts: [...LATENCY_BOUNDS_MS.map((bound) => valueAt(String(bound))), valueAt("+Inf")],
        sum: valueAt("sum"),
      };
    }),
  );
}

function seconds(at: Date | null): number {
  return at === null ? 0 : at.getTime() / 1_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
