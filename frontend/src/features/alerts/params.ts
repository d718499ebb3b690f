import { parseAsStringLiteral } from "nuqs";
import { parseAsBounded, parseAsName } from "../../lib/url-state.ts";

export const TABS = ["active", "history", "policies", "silences", "endpoints", "deliveries"] as const;
export type Tab = (typeof TABS)[number];

export const SEVERITIES = ["HIGH", "MEDIUM", "LOW"] as const;
const STATES = ["PENDING", "FIRING", "RESOLVED", "OK"] as const;
const DELIVERIES = ["PENDING", "RETRYING", "SENT", "DEAD", "FAILED"] as const;

/** What of the page is in the address. */
export const alertParams = {
  tab: parseAsStringLiteral(TABS).withDefault("active"),
  severity: parseAsStringLiteral(SEVERITIES),
  /** changes of one state */
  state: parseAsStringLiteral(STATES),
  /** one policy: its changes in the history, its preview among the policies */
  policy: parseAsName,
  /** days that a policy is tried on */
  days: parseAsBounded(1, 3_650).withDefault(90),
  /** ended silences too */
  ended: parseAsStringLiteral(["yes"] as const),
  delivery: parseAsStringLiteral(DELIVERIES),
  channel: parseAsName,
  /** the notification that is looked at */
  item: parseAsName,
};
