import type { Alert, SilenceBody } from "../../lib/api-types.ts";

export const LENGTHS = [
  { value: "1", name: "1 hour" },
  { value: "4", name: "4 hours" },
  { value: "24", name: "24 hours" },
  { value: "72", name: "3 days" },
  { value: "168", name: "7 days" },
] as const;
/** Hours of quiet. */
export type Length = (typeof LENGTHS)[number]["value"];

/** How much a silence covers. */
export type Reach = "alert" | "policy";

/** What every alert of a policy has in common, so it tells none of them from the others. */
const COMMON = new Set(["policy_id", "severity", "metric_type"]);

/**
 * The silence of one alert, or of all alerts of its policy.
 *
 * @param now milliseconds; quiet begins at once
 */
export function silenceOf(
  alert: Pick<Alert, "policy_id" | "labels">,
  reach: Reach,
  hours: number,
  reason: string,
  now: number,
): SilenceBody {
  const own = Object.entries(alert.labels).filter(([name]) => !COMMON.has(name));
  return {
    policy_id: alert.policy_id,
    matchers: reach === "policy" ? [] : own.map(([name, value]) => `${name}=${value}`),
    ends_at: endOf(hours, now),
    reason: reason.trim(),
  };
}

/** The instant at which quiet ends. */
export const endOf = (hours: number, now: number): string => new Date(now + hours * 3_600_000).toISOString();

/** One condition a line; blank lines are nothing. */
export const matcherLines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
