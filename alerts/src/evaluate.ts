import type { StoredAlert, StoredAlertStatus } from "@rossmann/warehouse";
import { alertIdOf, type Labels } from "./labels.ts";
import type { Figure } from "./measure.ts";
import { type Operator, type Policy, policySnapshot } from "./policy.ts";
import {
  type AlertTimers,
  nextState,
  type OutcomeKind,
  quiet,
  type Step,
  type Transition,
  withdraw,
} from "./state.ts";

/** What measuring a policy gave: figures, or why it failed. */
export type Measured = { policy: Policy; figures: Figure[] } | { policy: Policy; error: string };

/** An alert after an evaluation. */
export interface EvaluatedAlert {
  alert: StoredAlert;
  transition: Transition | null;
  outcome: OutcomeKind;
  /** false for an alert that is OK and never was anything else: there is nothing to store */
  isWorthStoring: boolean;
}

/**
 * What a figure means for a policy.
 *
 * @param isFiring a firing alert clears only beyond the policy's `resolve_threshold`
 */
export function outcomeOf(policy: Policy, figure: Figure, isFiring: boolean): OutcomeKind {
  if (figure.value === null || figure.sample < policy.minSample) return "no_data";
  const threshold = isFiring ? (policy.resolveThreshold ?? policy.threshold) : policy.threshold;
  return compare(figure.value, policy.operator, threshold) ? "met" : "clear";
}

export function compare(value: number, operator: Operator, threshold: number): boolean {
  switch (operator) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case "==":
      return value === threshold;
    case "!=":
      return value !== threshold;
  }
}

/**
 * The alerts of one policy after an evaluation: one per figure, and one per known alert whose label set has disappeared (for
 * which there is no data). A failed measurement leaves every alert as it is.
 *
 * @param known alerts of this policy as stored
 */
export function evaluatePolicy(
  measured: Measured,
  known: readonly StoredAlert[],
  at: Date,
): EvaluatedAlert[] {
  if ("error" in measured) return [];
  const { policy } = measured;
  const byId = new Map(known.map((alert) => [alert.alertId, alert]));
  const figures = new Map(measured.figures.map((figure) => [alertIdOf(policy.id, figure.instance), figure]));
  for (const alert of known) {
    if (figures.has(alert.alertId) || (alert.status !== "PENDING" && alert.status !== "FIRING")) continue;
    figures.set(alert.alertId, {
      instance: instanceIn(alert, policy),
      value: null,
      sample: 0,
      details: { label_set_gone: true },
    });
  }
  return [...figures].map(([alertId, figure]) => {
    const before = byId.get(alertId);
    const outcome = outcomeOf(policy, figure, before?.status === "FIRING");
    const timing = { forMs: policy.forMs, keepFiringForMs: policy.keepFiringForMs, noData: policy.noData };
    const step = nextState(timersOf(before), outcome, timing, at.getTime());
    return {
      alert: alertAfter(policy, alertId, figure, outcome, step, at),
      transition: step.transition,
      outcome,
      isWorthStoring: before !== undefined || step.state.status !== "OK",
    };
  });
}

/** The end of active alerts whose policy is gone or switched off. */
export function withdrawAlerts(alerts: readonly StoredAlert[], at: Date): EvaluatedAlert[] {
  return alerts.flatMap((before) => {
    const { state, transition } = withdraw(timersOf(before), at.getTime());
    if (transition === null) return [];
    const alert = {
      ...before,
      ...storedTimers(state, at),
      context: { ...before.context, policy_gone: true },
    };
    return [{ alert, transition, outcome: "clear", isWorthStoring: true }];
  });
}

/** Labels that silences, inhibition, channels and groups look at. */
export function labelsOf(policy: Policy, instance: Labels): Record<string, string> {
  return {
    ...policy.labels,
    policy_id: policy.id,
    severity: policy.severity,
    metric_type: policy.metricType,
    ...(policy.sourceName === null ? {} : { source_name: policy.sourceName }),
    ...(policy.ruleId === null ? {} : { rule_id: policy.ruleId }),
    ...(policy.dataSource === null ? {} : { data_source: String(policy.dataSource) }),
    ...instance,
  };
}

function alertAfter(
  policy: Policy,
  alertId: string,
  figure: Figure,
  outcome: OutcomeKind,
  { state }: Step,
  at: Date,
): StoredAlert {
  const labels = labelsOf(policy, figure.instance);
  return {
    alertId,
    policyId: policy.id,
    labels,
    severity: policy.severity,
    sourceName: labels.source_name ?? null,
    ...storedTimers(state, at),
    currentValue: figure.value,
    threshold: policy.threshold,
    message: messageOf(policy, figure, state.status),
    context: {
      source_name: labels.source_name ?? null,
      window_days: policy.windowDays,
      ...figure.details,
      sample: figure.sample,
      min_sample: policy.minSample,
      outcome,
      condition_met: outcome === "met",
      operator: policy.operator,
      threshold: policy.threshold,
      current_value: figure.value,
    },
    policy: policySnapshot(policy),
  };
}

function messageOf(policy: Policy, figure: Figure, status: StoredAlertStatus): string {
  const value = figure.value === null ? "no data" : figure.value.toFixed(6);
  return `${policy.description} (${policy.metricType} = ${value} "${policy.operator}" ${policy.threshold.toFixed(6)}, ${status})`;
}

function instanceIn(alert: StoredAlert, policy: Policy): Labels {
  return Object.fromEntries(
    policy.groupBy.flatMap((label) => {
      const value = alert.labels[label];
      return value === undefined ? [] : [[label, value]];
    }),
  );
}

function timersOf(alert: StoredAlert | undefined): AlertTimers {
  if (alert === undefined) return quiet;
  return {
    status: alert.status,
    firingNo: alert.firingNo,
    activeAt: alert.firstSeenAt?.getTime() ?? null,
    firedAt: alert.firedAt?.getTime() ?? null,
    clearSince: alert.clearSince?.getTime() ?? null,
    resolvedAt: alert.resolvedAt?.getTime() ?? null,
    lastTrueAt: alert.lastSeenAt?.getTime() ?? null,
    lastEvaluatedAt: alert.lastEvaluatedAt.getTime(),
    breaches: alert.consecutiveBreaches,
  };
}

function storedTimers(state: AlertTimers, at: Date) {
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms));
  return {
    status: state.status,
    firingNo: state.firingNo,
    firstSeenAt: instant(state.activeAt),
    firedAt: instant(state.firedAt),
    clearSince: instant(state.clearSince),
    resolvedAt: instant(state.resolvedAt),
    lastSeenAt: instant(state.lastTrueAt),
    lastEvaluatedAt: at,
    consecutiveBreaches: state.breaches,
  };
}
