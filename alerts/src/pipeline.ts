import { type Logger, messageOf } from "@rossmann/core";
import {
  type AlertTransition,
  activeAcknowledgements,
  activeSilences,
  alertsToldAsFiring,
  appendAudit,
  appendTransitions,
  beginEvaluation,
  clearAcknowledgements,
  type Db,
  type Evaluation,
  expireElapsedSilences,
  forgetOtherPolicies,
  holdLease,
  listActiveAlerts,
  lockAlerts,
  type PolicyHealth,
  readNotificationLog,
  recordPolicyHealth,
  type StoredAlert,
  saveAlerts,
} from "@rossmann/warehouse";
import { LeaseLostError } from "./errors.ts";
import { type EvaluatedAlert, evaluatePolicy, type Measured, withdrawAlerts } from "./evaluate.ts";
import { inhibitedAlerts } from "./inhibition.ts";
import { measure } from "./measure.ts";
import { evaluationErrors, evaluationSeconds } from "./metrics/process-metrics.ts";
import { decideNotices } from "./notices.ts";
import type { Channel } from "./outbox/channels.ts";
import { relayNotices } from "./outbox/relay.ts";
import type { Policy, PolicyFile } from "./policy.ts";
import { silenceAudit, silencedAlerts } from "./silence.ts";

export const SCHEDULER_ACTOR = "system:scheduler";

/** What an evaluation works with. */
export interface EvaluationInput {
  policies: PolicyFile;
  channels: readonly Channel[];
  /** who asked for it, for the audit trail */
  actor: string;
  /** the lease under which a scheduler evaluates; its writes are refused once the lease is another's */
  lease?: { name: string; term: number };
  logger: Logger;
}

export interface EvaluationReport {
  at: Date;
  /** one per alert of every enabled policy, in the order of the file; OK ones included */
  alerts: EvaluatedAlert[];
  transitions: number;
  /** envelopes that were opened or joined */
  notifications: number;
  /** policies that could not be evaluated; their alerts are unchanged */
  errors: { policyId: string; message: string }[];
}

interface Measurement {
  measured: Measured;
  durationMs: number;
}

/**
 * Evaluate every policy and act on what was found: measure → step → write → mute → tell.
 *
 * Measuring reads and may take its time; everything that changes (states, history, audit, notices) is written in one transaction
 * afterwards. Two evaluators may run at once: an evaluation that ends after a newer one changes nothing.
 *
 * @throws {LeaseLostError} when the lease went to another process; nothing was written then
 */
export async function evaluatePolicies(db: Db, input: EvaluationInput): Promise<EvaluationReport> {
  const end = evaluationSeconds.startTimer();
  try {
    const evaluation = await beginEvaluation(db);
    const measurements = await measureAll(db, input, evaluation.at);
    return await db.transaction().execute(async (trx) => {
      if (input.lease !== undefined && !(await holdLease(trx, input.lease.name, input.lease.term))) {
        throw new LeaseLostError(input.lease.name, input.lease.term);
      }
      const healths = measurements.map((each) => healthOf(each, evaluation.at));
      const newest = await recordPolicyHealth(trx, evaluation.evaluationNo, healths);
      await forgetOtherPolicies(
        trx,
        input.policies.policies.map(({ id }) => id),
      );
      const stored = await lockAlerts(trx);
      const usable = measurements
        .map(({ measured }) => measured)
        .filter(({ policy }) => newest.has(policy.id));
      const evaluated = stepAll(usable, stored, input.policies, evaluation.at);
      const transitions = await writeStep(trx, evaluated, input.actor);
      const notifications = await tell(trx, evaluated, stored, input, evaluation);
      return {
        at: evaluation.at,
        alerts: evaluated,
        transitions,
        notifications,
        errors: usable.flatMap((each) =>
          "error" in each ? [{ policyId: each.policy.id, message: each.error }] : [],
        ),
      };
    });
  } finally {
    end();
  }
}

/** What an evaluation would find now; nothing is written. */
export async function previewEvaluation(
  db: Db,
  input: Pick<EvaluationInput, "policies" | "logger">,
): Promise<Omit<EvaluationReport, "notifications">> {
  const { at } = await beginEvaluation(db);
  const measurements = await measureAll(db, input, at);
  const { alerts: stored } = await listActiveAlerts(db, { limit: 10_000 });
  const measured = measurements.map((each) => each.measured);
  const alerts = stepAll(measured, stored, input.policies, at);
  return {
    at,
    alerts,
    transitions: alerts.filter((each) => each.transition !== null).length,
    errors: measured.flatMap((each) =>
      "error" in each ? [{ policyId: each.policy.id, message: each.error }] : [],
    ),
  };
}

/** One policy after the other: evaluation must not take the connections that requests need. */
async function measureAll(
  db: Db,
  input: Pick<EvaluationInput, "policies" | "logger">,
  at: Date,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const policy of input.policies.policies) {
    if (!policy.enabled) continue;
    const startedAt = performance.now();
    const measured = await measureOne(db, policy, at);
    if ("error" in measured) {
      evaluationErrors.inc({ policy_id: policy.id });
      input.logger.warn(
        { policyId: policy.id, reason: measured.error },
        "an alert policy could not be evaluated",
      );
    }
    measurements.push({ measured, durationMs: performance.now() - startedAt });
  }
  return measurements;
}

async function measureOne(db: Db, policy: Policy, at: Date): Promise<Measured> {
  try {
    const figures = await measure(db, policy, at);
    if (figures.length > policy.maxInstances) {
      return {
        policy,
        error: `the policy gives ${figures.length} alerts, max_instances allows ${policy.maxInstances}: group by less, or raise it`,
      };
    }
    return { policy, figures };
  } catch (error) {
    return { policy, error: messageOf(error) };
  }
}

function healthOf({ measured, durationMs }: Measurement, at: Date): PolicyHealth {
  const base = {
    policyId: measured.policy.id,
    lastEvaluatedAt: at,
    lastDurationMs: durationMs,
    lastError: null,
  };
  if ("error" in measured) return { ...base, health: "error", lastError: measured.error.slice(0, 1_000) };
  const hasData = measured.figures.some(
    (figure) => figure.value !== null && figure.sample >= measured.policy.minSample,
  );
  return { ...base, health: hasData ? "ok" : "no_data" };
}

/** The alerts of the measured policies after this evaluation, and the end of those whose policy is gone or switched off. */
function stepAll(
  measured: readonly Measured[],
  stored: readonly StoredAlert[],
  file: PolicyFile,
  at: Date,
): EvaluatedAlert[] {
  const known = Map.groupBy(stored, (alert) => alert.policyId);
  const enabled = new Set(file.policies.filter((policy) => policy.enabled).map((policy) => policy.id));
  return [
    ...measured.flatMap((each) => evaluatePolicy(each, known.get(each.policy.id) ?? [], at)),
    ...withdrawAlerts(
      stored.filter((alert) => !enabled.has(alert.policyId)),
      at,
    ),
  ];
}

async function writeStep(trx: Db, evaluated: readonly EvaluatedAlert[], actor: string): Promise<number> {
  await saveAlerts(
    trx,
    evaluated.filter((each) => each.isWorthStoring).map((each) => each.alert),
  );
  const transitions = evaluated.flatMap(({ alert, transition }): AlertTransition[] =>
    transition === null
      ? []
      : [{ ...alert, previousStatus: transition.from, reason: transition.reason, at: alert.lastEvaluatedAt }],
  );
  await appendTransitions(trx, transitions);

  const ended = transitions.filter(({ status }) => status === "OK" || status === "RESOLVED");
  const cleared = await clearAcknowledgements(
    trx,
    ended.map(({ alertId }) => alertId),
    actor,
  );
  const elapsed = await expireElapsedSilences(trx);
  await appendAudit(trx, [
    ...transitions.map(({ alertId, status, reason, previousStatus, ...details }) => ({
      alertId,
      eventType: status,
      actor,
      payload: {
        status,
        previous_status: previousStatus,
        reason,
        first_seen_at: details.firstSeenAt,
        last_seen_at: details.lastSeenAt,
        resolved_at: details.resolvedAt,
        current_value: details.currentValue,
        threshold: details.threshold,
        message: details.message,
        context: details.context,
      },
    })),
    ...cleared.map((acknowledgement) => ({
      alertId: acknowledgement.alertId,
      eventType: "UNACKED",
      actor,
      payload: { acknowledgement, reason: "resolved" },
    })),
    ...elapsed.map((silence) => silenceAudit(silence, "UNSILENCED", actor)),
    // A person's evaluation is an act of theirs; the scheduler's are counted and shown as policy health instead.
    ...(actor === SCHEDULER_ACTOR
      ? []
      : [{ alertId: "*", eventType: "EVALUATED", actor, payload: { alerts: evaluated.length } }]),
  ]);
  return transitions.length;
}

/** The stages in their order: inhibit, silence, compare with what channels were told, enqueue. */
async function tell(
  trx: Db,
  evaluated: readonly EvaluatedAlert[],
  stored: readonly StoredAlert[],
  input: EvaluationInput,
  { at }: Evaluation,
): Promise<number> {
  const now = new Map(stored.map((alert) => [alert.alertId, alert]));
  for (const { alert } of evaluated) now.set(alert.alertId, alert);
  const all = [...now.values()];
  const told = new Set(await alertsToldAsFiring(trx));
  const concerned = all.filter((alert) => alert.status === "FIRING" || told.has(alert.alertId));
  if (concerned.length === 0) return 0;

  const decided = decideNotices(concerned, {
    channels: input.channels,
    log: await readNotificationLog(
      trx,
      concerned.map(({ alertId }) => alertId),
    ),
    silenced: silencedAlerts(concerned, await activeSilences(trx)),
    inhibited: inhibitedAlerts(all, input.policies.inhibitions),
    acknowledged: await activeAcknowledgements(trx),
    now: at,
  });
  return relayNotices(trx, decided, at);
}
