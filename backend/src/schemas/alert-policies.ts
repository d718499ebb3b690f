import { formatMatcher, type Inhibition, type Policy, policySnapshot } from "@rossmann/alerts";
import type { PolicyHealth } from "@rossmann/warehouse";
import { z } from "zod";
import { instant } from "./values.ts";

export const policySchema = z
  .object({
    id: z.string(),
    enabled: z.boolean(),
    severity: z.enum(["HIGH", "MEDIUM", "LOW"]),
    source_name: z.string().nullable().describe("train, store or future; null: all files"),
    data_source: z.union([z.string(), z.int()]).nullable().describe("Id or name; null: all data sources"),
    window_days: z.int(),
    metric_type: z.string(),
    operator: z.string(),
    threshold: z.number(),
    resolve_threshold: z.number().nullable().describe("A firing alert clears only beyond this one"),
    for: z.string().describe("How long the condition must hold, like 30m"),
    keep_firing_for: z.string().describe("How long it must be gone"),
    min_sample: z.int().describe("Fewer observations are no data"),
    no_data: z.enum(["alert", "ok", "keep"]).describe("What no data means"),
    group_by: z.array(z.string()),
    max_instances: z.int(),
    rule_id: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    description: z.string(),
    runbook: z.string().nullable(),
  })
  .meta({ id: "AlertPolicy" });

export const policyItemSchema = policySchema
  .extend({
    pending_evaluations: z.int().describe("`for` as a number of evaluations"),
    health: z
      .enum(["ok", "no_data", "error"])
      .nullable()
      .describe("How its last evaluation went; null before the first"),
    last_error: z.string().nullable(),
    last_evaluated_at: instant().nullable(),
  })
  .meta({ id: "AlertPolicyItem" });

export const policiesSchema = z
  .object({
    path: z.string(),
    version: z.string(),
    items: z
      .array(policyItemSchema)
      .describe("In the order of the file, those that are switched off included"),
    inhibitions: z
      .array(
        z.object({ source: z.array(z.string()), target: z.array(z.string()), equal: z.array(z.string()) }),
      )
      .describe("While a source fires, notifications of matching targets are held back"),
    refusal: z
      .string()
      .nullable()
      .describe("Why the present text of the file is not in use; the policies of before work on meanwhile"),
  })
  .meta({ id: "AlertPolicies" });

export type AlertPolicyItem = z.output<typeof policyItemSchema>;
export type AlertPolicies = z.output<typeof policiesSchema>;

/** @param intervalMs time between two evaluations */
export function policyAnswer(
  policy: Policy,
  health: PolicyHealth | undefined,
  intervalMs: number,
): AlertPolicyItem {
  return {
    ...(policySnapshot(policy) as z.output<typeof policySchema>),
    pending_evaluations: Math.ceil(policy.forMs / intervalMs) + 1,
    health: health?.health ?? null,
    last_error: health?.lastError ?? null,
    last_evaluated_at: health?.lastEvaluatedAt.toISOString() ?? null,
  };
}

export const inhibitionAnswer = ({ source, target, equal }: Inhibition) => ({
  source: source.map(formatMatcher),
  target: target.map(formatMatcher),
  equal,
});
