import type { EvaluatedAlert, PolicyPreview } from "@rossmann/alerts";
import type { HistoryItem, StoredAlert } from "@rossmann/warehouse";
import { z } from "zod";
import type { Quieting } from "../alert-quiet.ts";
import { acknowledgementAnswer, acknowledgementSchema } from "./acknowledgements.ts";
import { policySchema } from "./alert-policies.ts";
import { numberedPageQuery, pageAnswer } from "./paging.ts";
import { silenceAnswer, silenceSchema } from "./silences.ts";
import { flag, instant, oneOf, wholeNumber } from "./values.ts";

const SEVERITIES = ["HIGH", "MEDIUM", "LOW"] as const;
const STATES = ["OK", "PENDING", "FIRING", "RESOLVED"] as const;
const MOST_ACTIVE = 1_000;

/** A label, policy or file name in a filter. */
const word = () => z.string().trim().min(1).max(160);

export const alertIdSchema = z.string().regex(/^[\w.:-]{1,160}$/, "must be the id of an alert");
export const alertParamsSchema = z.object({ alert_id: alertIdSchema });

export const activeAlertsQuerySchema = z.object({
  auto_evaluate: flag()
    .default(false)
    .describe(
      "Evaluate first. With the scope diagnostics:operate and a key that is not bound to data sources the outcome is stored; otherwise the answer is a preview and nothing changes",
    ),
  severity: oneOf(SEVERITIES).optional(),
  status: oneOf(["PENDING", "FIRING"]).optional(),
  policy_id: word().optional(),
  source_name: word().optional(),
  limit: wholeNumber(1, MOST_ACTIVE)
    .default(200)
    .describe("Most items; total_active counts all; default 200"),
});

export const alertSchema = z
  .object({
    alert_id: z
      .string()
      .describe("The policy's id, and a fingerprint of the labels where it has several alerts"),
    policy_id: z.string(),
    status: z.enum(STATES),
    severity: z.enum(SEVERITIES),
    source_name: z.string().nullable(),
    labels: z.record(z.string(), z.string()).describe("What silences and inhibition look at"),
    message: z.string(),
    first_seen_at: instant().nullable().describe("Since when the condition has held"),
    fired_at: instant().nullable(),
    last_seen_at: instant().nullable().describe("Last evaluation at which the condition held"),
    resolved_at: instant().nullable(),
    evaluated_at: instant().nullable(),
    firing_no: z.int().describe("How many times this alert has begun to fire"),
    current_value: z.number().nullable().describe("Null without data"),
    threshold: z.number().nullable(),
    evaluation_context_json: z.record(z.string(), z.unknown()).describe("What the value was computed from"),
    policy: policySchema.nullable().describe("The policy as it was then"),
    is_silenced: z.boolean().describe("Notifications are held back; the state is not touched"),
    silence: silenceSchema.nullable(),
    is_acknowledged: z.boolean().describe("It is not told again until it has resolved"),
    acknowledgement: acknowledgementSchema.nullable(),
    inhibited_by: z.string().nullable().describe("A louder alert that holds this one's notifications back"),
    runbook: z.string().nullable().describe("Page that tells what to do"),
  })
  .meta({ id: "Alert" });

export const activeAlertsSchema = z
  .object({
    evaluated_at: instant(),
    is_preview: z.boolean().describe("True when it was evaluated for this answer only: nothing was stored"),
    total_active: z.int(),
    items: z.array(alertSchema).describe("The most severe first, then the latest seen"),
  })
  .meta({ id: "ActiveAlerts" });

export const evaluationSchema = z
  .object({
    evaluated_at: instant(),
    total_policies: z.int().describe("Policies that are switched on"),
    active_count: z.int(),
    items: z.array(alertSchema).describe("Every alert of every policy that is switched on, OK ones included"),
    errors: z
      .array(z.object({ policy_id: z.string(), message: z.string() }))
      .describe("Policies that could not be evaluated; their alerts are unchanged"),
    policy_path: z.string(),
    version: z.string(),
  })
  .meta({ id: "AlertEvaluation" });

export const alertHistoryQuerySchema = z.object({
  ...numberedPageQuery(500, 50),
  alert_id: alertIdSchema.optional(),
  policy_id: word().optional(),
  status: oneOf(STATES).optional(),
  severity: oneOf(SEVERITIES).optional(),
});

export const alertTransitionSchema = alertSchema
  .extend({
    history_id: z.int(),
    previous_status: z.enum(STATES).nullable(),
    reason: z.string().describe("condition_met, held, cleared, no_data or policy_gone"),
  })
  .meta({ id: "AlertTransition" });

export const alertHistorySchema = z
  .object({ ...pageAnswer, items: z.array(alertTransitionSchema).describe("Newest first") })
  .meta({ id: "AlertHistory" });

export const previewQuerySchema = z.object({
  days: wholeNumber(1, 3_650).default(90).describe("How far back to look; default 90"),
  threshold: z.coerce
    .number("must be a number")
    .optional()
    .describe("Try this threshold instead of the policy's"),
});
export const previewParamsSchema = z.object({ policy_id: word() });

export const previewSchema = z
  .object({
    policy_id: z.string(),
    days: z.int(),
    threshold: z.number(),
    is_supported: z.boolean().describe("False for metrics of the business: their past is not kept"),
    is_complete: z.boolean().describe("False when there were too many runs to look at all of them"),
    from: instant().nullable(),
    fired_count: z.int(),
    firings: z.array(
      z.object({
        alert_id: z.string(),
        fired_at: instant(),
        resolved_at: instant().nullable(),
        value: z.number().nullable(),
      }),
    ),
    summary: z.string().describe("The same in a sentence"),
  })
  .meta({ id: "PolicyPreview" });

export type Alert = z.output<typeof alertSchema>;
export type ActiveAlerts = z.output<typeof activeAlertsSchema>;
export type ActiveAlertsQuery = z.input<typeof activeAlertsQuerySchema>;
export type AlertEvaluation = z.output<typeof evaluationSchema>;
export type AlertTransition = z.output<typeof alertTransitionSchema>;
export type AlertHistory = z.output<typeof alertHistorySchema>;
export type AlertHistoryQuery = z.input<typeof alertHistoryQuerySchema>;
export type PolicyPreviewAnswer = z.output<typeof previewSchema>;
export type PolicyPreviewQuery = z.input<typeof previewQuerySchema>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** An alert with what keeps it quiet. */
export function alertAnswer(alert: StoredAlert, quieting: Quieting): Alert {
  const silence = quieting.silenced.get(alert.alertId);
  const acknowledgement = quieting.acknowledged.get(alert.alertId);
  const isAcknowledged = acknowledgement !== undefined && quieting.belongsTo(acknowledgement, alert);
  return {
    ...commonAnswer(alert),
    fired_at: iso(alert.firedAt),
    evaluated_at: alert.lastEvaluatedAt.toISOString(),
    is_silenced: silence !== undefined,
    silence: silence === undefined ? null : silenceAnswer(silence),
    is_acknowledged: isAcknowledged,
    acknowledgement: isAcknowledged ? acknowledgementAnswer(acknowledgement) : null,
    inhibited_by: quieting.inhibited.get(alert.alertId) ?? null,
  };
}

/** An alert straight after its evaluation: one that has resolved in it is OK now, with the time at which it did. */
export function evaluatedAnswer({ alert, transition }: EvaluatedAlert, quieting: Quieting): Alert {
  const answer = alertAnswer(alert, quieting);
  if (alert.status !== "RESOLVED") return answer;
  return { ...answer, status: "OK", resolved_at: transition?.to === "RESOLVED" ? answer.resolved_at : null };
}

export function transitionAnswer(item: HistoryItem): AlertTransition {
  return {
    ...commonAnswer(item),
    history_id: item.id,
    previous_status: item.previousStatus,
    reason: item.reason,
    fired_at: null,
    evaluated_at: item.at.toISOString(),
    is_silenced: false,
    silence: null,
    is_acknowledged: false,
    acknowledgement: null,
    inhibited_by: null,
  };
}

/** @param threshold the one that was tried */
export function previewAnswer(
  policyId: string,
  days: number,
  threshold: number,
  preview: PolicyPreview | null,
): PolicyPreviewAnswer {
  const firings = preview?.firings ?? [];
  return {
    policy_id: policyId,
    days,
    threshold,
    is_supported: preview !== null,
    is_complete: preview?.isComplete ?? false,
    from: iso(preview?.from ?? null),
    fired_count: firings.length,
    firings: firings.map((firing) => ({
      alert_id: firing.alertId,
      fired_at: firing.firedAt.toISOString(),
      resolved_at: iso(firing.resolvedAt),
      value: firing.value,
    })),
    summary:
      preview === null
        ? "how this figure stood on past days is not kept, so it cannot be tried on them"
        : `would have fired ${firings.length === 1 ? "once" : `${firings.length} times`} in the last ${days} days`,
  };
}

function commonAnswer(
  alert: Pick<StoredAlert, Exclude<keyof StoredAlert & keyof HistoryItem, "lastEvaluatedAt">>,
) {
  const { policy } = alert;
  return {
    alert_id: alert.alertId,
    policy_id: alert.policyId,
    status: alert.status,
    severity: alert.severity as Alert["severity"],
    source_name: alert.sourceName,
    labels: alert.labels,
    message: alert.message,
    first_seen_at: iso(alert.firstSeenAt),
    last_seen_at: iso(alert.lastSeenAt),
    resolved_at: iso(alert.resolvedAt),
    firing_no: alert.firingNo,
    current_value: alert.currentValue,
    threshold: alert.threshold,
    evaluation_context_json: alert.context,
    policy: Object.keys(policy).length === 0 ? null : (policy as Alert["policy"]),
    runbook: typeof policy.runbook === "string" ? policy.runbook : null,
  };
}
