import type { Tone } from "../../components/badge.tsx";
import type { ActiveAlerts, Alert, NotificationEndpoint } from "../../lib/api-types.ts";
import { MISSING, number, oneDecimal, percent, plural } from "../../lib/format.ts";

/** Where the figure behind a metric is seen in full; null where no page shows it. */
export function evidencePage(metric: string): { path: string; name: string } | null {
  if (/^(fail|blocked|unified|top_rule|semantic)_/.test(metric))
    return { path: "/preflight-diagnostics", name: "the examined files" };
  if (/^(forecast|interval)_/.test(metric)) return { path: "/forecast", name: "forecasts against sales" };
  if (metric === "model_age_days") return { path: "/model-intelligence", name: "the models" };
  return /^(data|load)_/.test(metric) ? { path: "/data-sources", name: "the data sources" } : null;
}

/** What a policy looks at, in words; the second tells how its value is written. */
const METRICS: Record<string, { name: string; unit: "share" | "count" | "days" | "hours" }> = {
  fail_rate: { name: "Share of examined files that failed", unit: "share" },
  fail_count: { name: "Examined files that failed", unit: "count" },
  blocked_count: { name: "Loads that were turned away", unit: "count" },
  unified_usage_rate: { name: "Share of loads that used the unified file", unit: "share" },
  top_rule_fail_count: { name: "Failures of the rule that fails most", unit: "count" },
  semantic_rule_fail_count: { name: "Failures of one rule", unit: "count" },
  forecast_wape: { name: "Forecast error (WAPE)", unit: "share" },
  forecast_bias: { name: "Forecast bias", unit: "share" },
  interval_coverage: { name: "Sales inside the 80 % interval", unit: "share" },
  data_freshness_days: { name: "Age of the newest sales", unit: "days" },
  load_age_hours: { name: "Time since the last load", unit: "hours" },
  model_age_days: { name: "Age of the model", unit: "days" },
};

/** A metric in a planner's words; one that is not known here by its own name. */
export const metricName = (metric: string): string => METRICS[metric]?.name ?? metric;

const plain = number({ maximumFractionDigits: 3 });

/** A metric's value or threshold with its unit: `15.0%`, `2`, `3.5 days`. */
export function metricValue(metric: string | undefined, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return MISSING;
  switch (metric === undefined ? undefined : METRICS[metric]?.unit) {
    case "share":
      return percent(value);
    case "days":
      return `${oneDecimal(value)} ${value === 1 ? "day" : "days"}`;
    case "hours":
      return `${oneDecimal(value)} h`;
    default:
      return plain(value);
  }
}

const OPERATORS: Record<string, string> = {
  ">": "above",
  ">=": "at or above",
  "<": "below",
  "<=": "at or below",
  "==": "exactly",
  "!=": "other than",
};

/** When a policy fires: `above 15.0%`. */
export const limitWords = (metric: string, operator: string, threshold: number): string =>
  `${OPERATORS[operator] ?? operator} ${metricValue(metric, threshold)}`;

export const SEVERITY: Record<Alert["severity"], { tone: Tone; word: string }> = {
  HIGH: { tone: "bad", word: "High" },
  MEDIUM: { tone: "warn", word: "Medium" },
  LOW: { tone: "info", word: "Low" },
};

export const STATE: Record<Alert["status"], { tone: Tone; word: string }> = {
  FIRING: { tone: "bad", word: "Firing" },
  PENDING: { tone: "warn", word: "Pending" },
  RESOLVED: { tone: "good", word: "Resolved" },
  OK: { tone: "good", word: "OK" },
};

export const DELIVERY: Record<string, { tone: Tone; word: string }> = {
  PENDING: { tone: "info", word: "Waiting" },
  STARTED: { tone: "info", word: "Under way" },
  RETRYING: { tone: "warn", word: "Trying again" },
  RETRY: { tone: "warn", word: "Try again" },
  SENT: { tone: "good", word: "Delivered" },
  DEAD: { tone: "bad", word: "Given up" },
  FAILED: { tone: "bad", word: "Broke off" },
};

const ENDPOINT: Record<NotificationEndpoint["state"], { tone: Tone; word: string }> = {
  ok: { tone: "good", word: "Works" },
  open: { tone: "warn", word: "Failing, only probed" },
  disabled: { tone: "bad", word: "Disabled" },
  unused: { tone: "even", word: "Nothing sent yet" },
};

const EVENTS: Record<string, string> = { ALERT_FIRING: "Firing", ALERT_RESOLVED: "Resolved" };
/** How an endpoint is. One failure is enough to say so, long before it is only probed. */
export function endpointState(endpoint: NotificationEndpoint): { tone: Tone; word: string } {
  if (!endpoint.enabled) return { tone: "even", word: "Switched off" };
  if (endpoint.state === "ok" && endpoint.consecutive_failures > 0) return { tone: "warn", word: "Failing" };
  return ENDPOINT[endpoint.state];
}

/** What a notification tells. */
export const eventName = (type: string): string => EVENTS[type] ?? type;

const REASONS: Record<string, string> = {
  condition_met: "the limit was passed",
  held: "it held long enough",
  cleared: "the figure is within its limit again",
  no_data: "there was no data",
  policy_gone: "its policy was taken out or switched off",
};
/** Why an alert changed its state. */
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason;

const FILES: Record<string, string> = { train: "sales file", store: "store file", future: "coming days" };

/** What an alert is about: the labels that tell it from others of its policy. */
export function subjectWords(alert: Pick<Alert, "labels" | "source_name">): string | null {
  const parts = [
    alert.labels.data_source === undefined ? null : `data source ${alert.labels.data_source}`,
    alert.source_name === null ? null : (FILES[alert.source_name] ?? alert.source_name),
    alert.labels.rule_id === undefined ? null : `rule ${alert.labels.rule_id}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

/** Whether somebody is still to look at an alert: neither taken on nor asked to be quiet. */
export const isOpen = (alert: Alert): boolean =>
  alert.status === "FIRING" && !alert.is_acknowledged && !alert.is_silenced && alert.inhibited_by === null;

/** The page's answer in one sentence. */
export function inboxAnswer({ items, total_active }: ActiveAlerts): string {
  if (total_active === 0) return "Nothing is firing. The inbox is empty.";
  const firing = items.filter(({ status }) => status === "FIRING").length;
  const open = items.filter(isOpen).length;
  const pending = items.length - firing;
  const waiting = pending === 0 ? "" : ` ${plural(pending, "more has", "more have")} just passed its limit.`;
  if (firing === 0)
    return `Nothing is firing yet; ${plural(pending, "alert has", "alerts have")} just passed a limit.`;
  if (open === 0)
    return `${plural(firing, "alert is", "alerts are")} firing, and each is taken care of.${waiting}`;
  const rest = firing - open;
  return `${plural(open, "alert asks", "alerts ask")} for somebody${
    rest === 0 ? "" : `; ${plural(rest, "other is", "others are")} taken care of`
  }.${waiting}`;
}

/** The marks of alerts in words: `severity=~"MEDIUM|LOW"` → `severity medium or low`; names of policies stay as they are. */
export function markWords(matchers: readonly string[]): string {
  return matchers
    .map((matcher) => {
      const [, name, sign, value] = /^(\w+)(=~|!=|!~|=)"(.*)"$/.exec(matcher) ?? [];
      if (name === undefined || sign === undefined || value === undefined) return matcher;
      const values = value.split("|").map((each) => (/^[A-Z]+$/.test(each) ? each.toLowerCase() : each));
      return `${name.replaceAll("_", " ")} ${sign.startsWith("!") ? "other than " : ""}${values.join(" or ")}`;
    })
    .join(" and ");
}
