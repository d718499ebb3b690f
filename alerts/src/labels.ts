import { createHash } from "node:crypto";

/** Names and values that tell the alerts of one policy apart, and that silences and inhibition match. */
export type Labels = Readonly<Record<string, string>>;

const FINGERPRINT_DIGITS = 16;

/**
 * Identity of an alert: policy and the label set within it.
 *
 * @param instance labels that tell this alert from the others of its policy; empty for a policy with a single alert
 * @returns the policy id itself for a single alert, else `<policy id>:<fingerprint>`; at most 160 characters
 */
export function alertIdOf(policyId: string, instance: Labels): string {
  return Object.keys(instance).length === 0 ? policyId : `${policyId}:${fingerprint(instance)}`;
}

/** A short hash of a label set: equal for equal sets, whatever the order of their labels. */
export function fingerprint(labels: Labels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, FINGERPRINT_DIGITS);
}
