import type {
  ActiveAlerts,
  Alert,
  AlertHistory,
  AlertPolicies,
  AlertPolicyItem,
  Attempt,
  DeliveryAttempts,
  NotificationEndpoint,
  NotificationEndpoints,
  NotificationStats,
  OutboxItemAnswer,
  OutboxPage,
  PolicyPreviewAnswer,
  Session,
  Silence,
  Silences,
} from "@rossmann/backend";
import { fakeSession } from "./fake-session.ts";

const BASE = "/diagnostics/preflight";
const NOW = Date.now();
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const policy = (
  id: string,
  severity: Alert["severity"],
  metric: string,
  threshold: number,
  description: string,
): AlertPolicyItem => ({
  id,
  enabled: true,
  severity,
  source_name: null,
  data_source: null,
  window_days: 7,
  metric_type: metric,
  operator: ">=",
  threshold,
  resolve_threshold: null,
  for: "0s",
  keep_firing_for: "0s",
  min_sample: 0,
  no_data: "ok",
  group_by: [],
  max_instances: 100,
  rule_id: null,
  labels: {},
  description,
  runbook: `docs/runbook.md#${id}`,
  pending_evaluations: 1,
  health: "ok",
  last_error: null,
  last_evaluated_at: before(1),
});

const POLICIES = [
  policy("blocked_runs_any_7d", "HIGH", "blocked_count", 1, "A load was blocked within a week"),
  policy("train_fail_rate_7d", "MEDIUM", "fail_rate", 0.15, "Too many sales files failed"),
  {
    ...policy("load_late", "LOW", "load_age_hours", 30, "No load for 30 hours"),
    enabled: false,
    health: null,
  },
];

const alertOf = (source: AlertPolicyItem, more: Partial<Alert>): Alert => ({
  alert_id: source.id,
  policy_id: source.id,
  status: "FIRING",
  severity: source.severity,
  source_name: null,
  labels: { policy_id: source.id, severity: source.severity, metric_type: source.metric_type },
  message: `${source.metric_type} is at its limit`,
  first_seen_at: before(95),
  fired_at: before(90),
  last_seen_at: before(1),
  resolved_at: null,
  evaluated_at: before(1),
  firing_no: 1,
  current_value: 3,
  threshold: source.threshold,
  evaluation_context_json: {},
  policy: source,
  is_silenced: false,
  silence: null,
  is_acknowledged: false,
  acknowledgement: null,
  inhibited_by: null,
  runbook: source.runbook,
  ...more,
});

const silence = (id: string, state: Silence["state"], matchers: string[]): Silence => ({
  silence_id: id,
  policy_id: null,
  source_name: null,
  severity: null,
  rule_id: null,
  matchers,
  starts_at: before(60),
  ends_at: before(-60),
  reason: "maintenance",
  created_by: "night shift",
  created_at: before(60),
  expired_at: null,
  is_active: state === "active",
  state,
});

const endpoint = (
  id: string,
  state: NotificationEndpoint["state"],
  more: Partial<NotificationEndpoint> = {},
): NotificationEndpoint => ({
  id,
  channel_type: "webhook",
  enabled: true,
  target_hint: "https://hooks.example",
  has_target_url: true,
  is_signed: true,
  timeout_seconds: 10,
  max_attempts: 3,
  backoff_seconds: 5,
  retry_schedule_seconds: [5, 300],
  enabled_event_types: ["ALERT_FIRING", "ALERT_RESOLVED"],
  state,
  consecutive_failures: 0,
  last_success_at: before(12),
  last_failure_at: null,
  open_until: null,
  disabled_at: null,
  disabled_reason: null,
  ...more,
});

const delivery = (id: string, status: OutboxItemAnswer["status"], minutes: number): OutboxItemAnswer => ({
  id,
  event_id: `event-${id}`,
  delivery_id: `delivery-${id}`,
  replayed_from_id: null,
  replayed_as_id: null,
  event_type: "ALERT_FIRING",
  alert_id: "blocked_runs_any_7d",
  policy_id: "blocked_runs_any_7d",
  severity: "HIGH",
  source_name: null,
  group_key: "group",
  payload_json: null,
  channel_type: "webhook",
  channel_target: "default_webhook",
  status,
  is_being_sent: false,
  attempt_count: status === "DEAD" ? 3 : 1,
  max_attempts: 3,
  next_retry_at: before(minutes),
  last_error: null,
  last_http_status: status === "SENT" ? 200 : 503,
  last_error_code: status === "SENT" ? null : "HTTP_5XX",
  created_at: before(minutes),
  updated_at: before(minutes),
  sent_at: status === "SENT" ? before(minutes) : null,
});

const attempt = (item: string, number: number): Attempt => ({
  attempt_id: `${item}-${number}`,
  outbox_item_id: item,
  event_id: `event-${item}`,
  delivery_id: `delivery-${number}`,
  replayed_from_id: null,
  channel_type: "webhook",
  channel_target: "default_webhook",
  event_type: "ALERT_FIRING",
  alert_id: "blocked_runs_any_7d",
  policy_id: "blocked_runs_any_7d",
  source_name: null,
  attempt_number: number,
  attempt_status: number === 3 ? "DEAD" : "RETRY",
  started_at: before(30 - number),
  completed_at: before(30 - number),
  duration_ms: 120,
  http_status: 503,
  error_code: "HTTP_5XX",
  error_message_safe: "the receiver answered 503",
  response_excerpt: "try later",
  created_at: before(30 - number),
});

export interface FakeAlerts {
  alerts: Alert[];
  policies: AlertPolicyItem[];
  silences: Silence[];
  endpoints: NotificationEndpoint[];
  outbox: OutboxItemAnswer[];
  /** what was asked for with POST: path and body */
  done: { path: string; body: unknown }[];
  session: Session;
  answer: (asked: {
    method: string;
    path: string;
    query: URLSearchParams;
    body: unknown;
  }) => { status: number; body: unknown } | null;
}

const page = { limit: 50, next_cursor: null };

/** Two alerts that fire (one of them taken on), one that has just passed its limit, and the ledger behind them. */
export function fakeAlerts(): FakeAlerts {
  const [blocked, failing] = POLICIES as [AlertPolicyItem, AlertPolicyItem];
  const fake: FakeAlerts = {
    alerts: [
      alertOf(failing, {
        alert_id: "train_fail_rate_7d",
        current_value: 0.25,
        is_acknowledged: true,
        acknowledgement: {
          alert_id: "train_fail_rate_7d",
          acknowledged_by: "Ada",
          acknowledged_at: before(20),
          note: "asked the supplier",
          expires_at: null,
          cleared_at: null,
          updated_at: before(20),
        },
      }),
      alertOf(blocked, {
        labels: { policy_id: blocked.id, severity: "HIGH", metric_type: "blocked_count", data_source: "1" },
      }),
      alertOf(failing, { alert_id: "train_fail_rate_7d:2", status: "PENDING", fired_at: null }),
    ],
    policies: [...POLICIES],
    silences: [silence("s-1", "active", ["policy_id=load_late"])],
    endpoints: [
      endpoint("default_webhook", "ok"),
      endpoint("pager", "disabled", {
        disabled_reason: "the receiver answered 410",
        consecutive_failures: 4,
      }),
    ],
    outbox: [delivery("d-1", "SENT", 12), delivery("d-2", "DEAD", 30), delivery("d-3", "RETRYING", -2)],
    done: [],
    session: fakeSession().current,
    answer({ method, path, query, body }) {
      if (method === "POST") {
        fake.done.push({ path, body });
        return { status: 200, body: path.endsWith("/test") ? TESTED : {} };
      }
      const said = answerOf(fake, path, query);
      return said === null ? null : { status: 200, body: said };
    },
  };
  return fake;
}

const TESTED = {
  channel_target: "default_webhook",
  delivered: true,
  http_status: 200,
  error_code: null,
  error_message_safe: null,
  duration_ms: 41,
};

function answerOf(fake: FakeAlerts, path: string, query: URLSearchParams): unknown {
  if (path === "/session") return fake.session;
  const preview = /alerts\/policies\/([^/]+)\/preview$/.exec(path)?.[1];
  if (preview !== undefined) return previewOf(preview, query);
  switch (path.replace(BASE, "")) {
    case "/alerts/active":
      return {
        evaluated_at: before(1),
        is_preview: false,
        total_active: fake.alerts.length,
        items: fake.alerts,
      } satisfies ActiveAlerts;
    case "/alerts/history":
      return {
        ...page,
        items: fake.alerts
          .filter((alert) => query.get("status") === null || alert.status === query.get("status"))
          .map((alert, i) => ({
            ...alert,
            history_id: 100 - i,
            previous_status: "PENDING",
            reason: "held",
          })),
      } satisfies AlertHistory;
    case "/alerts/policies":
      return {
        path: "config/preflight_alert_policies.yaml",
        version: "v2",
        items: fake.policies,
        inhibitions: [],
        refusal: null,
      } satisfies AlertPolicies;
    case "/alerts/silences":
      return {
        ...page,
        include_expired: query.get("include_expired") === "true",
        items: fake.silences,
      } satisfies Silences;
    case "/notifications/endpoints":
      return {
        path: "config/preflight_notification_channels.yaml",
        version: "v1",
        items: fake.endpoints,
        refusal: null,
      } satisfies NotificationEndpoints;
    case "/notifications/outbox":
      return {
        ...page,
        items: fake.outbox.filter(({ status }) => ["ALL", status].includes(query.get("status") ?? "PENDING")),
      } satisfies OutboxPage;
    case "/notifications/attempts":
      return {
        ...page,
        filters: FILTERS,
        items: [1, 2, 3].map((number) => attempt(query.get("outbox_item_id") ?? "", number)),
      } satisfies DeliveryAttempts;
    case "/notifications/stats":
      return STATS;
    default:
      return null;
  }
}

function previewOf(policyId: string, query: URLSearchParams): PolicyPreviewAnswer {
  const threshold = Number(query.get("threshold") ?? 1);
  const fired = threshold > 2 ? 1 : 4;
  return {
    policy_id: policyId,
    days: Number(query.get("days")),
    threshold,
    is_supported: true,
    is_complete: true,
    from: before(90 * 1440),
    fired_count: fired,
    firings: Array.from({ length: fired }, (_, i) => ({
      alert_id: policyId,
      fired_at: before(1000 * (i + 2)),
      resolved_at: before(1000 * (i + 1)),
      value: i + 1,
    })),
    summary: `would have fired ${fired === 1 ? "once" : `${fired} times`} in the last ${query.get("days")} days`,
  };
}

const FILTERS = {
  days: 30,
  date_from: before(30 * 1440),
  date_to: before(0),
  event_type: null,
  channel_target: null,
  status: null,
  attempt_status: null,
  alert_id: null,
};

const NOTHING = { count: 0, avg_ms: null, p95_ms: null };
const STATS: NotificationStats = {
  total_events: 5,
  sent_count: 3,
  retry_count: 1,
  dead_count: 1,
  failed_attempt_count: 0,
  replay_count: 0,
  pending_count: 1,
  success_rate: 0.75,
  avg_delivery_latency_ms: 90,
  p95_delivery_latency_ms: 120,
  p95_sent_latency_ms: 110,
  oldest_pending_age_seconds: 125,
  runtime_observability: {
    counters: {
      enqueue_total: {},
      dispatch_attempt_total: {},
      dispatch_sent_total: {},
      dispatch_retry_total: {},
      dispatch_dead_total: {},
      replay_total: {},
    },
    latency: { delivery_latency_ms: NOTHING, end_to_end_latency_ms: NOTHING },
  },
  filters: FILTERS,
};
