/**
 * The life of one alert, as a pure function of (state, outcome, time).
 *
 * ```
 *            met, for = 0
 *   ┌──────────────────────────────────────┐
 *   │                                      ▼
 *   OK ── met ──▶ PENDING ── met for long enough ──▶ FIRING ── clear for keep_firing_for ──▶ RESOLVED
 *   ▲               │                                                                          │
 *   └──── clear ────┘                                            (as OK from now on) ◀─────────┘
 * ```
 *
 * - OK        the condition does not hold. Nobody is told.
 * - PENDING   it holds since `activeAt`, but not yet for the policy's `for`. Nobody is told.
 * - FIRING    it has held that long. It stays firing while the condition holds, and for `keep_firing_for` after it clears;
 *             a return of the condition within that time starts the timer anew.
 * - RESOLVED  it fired and has cleared. The next time the condition holds it is treated like OK.
 *
 * An evaluation that failed changes nothing here. Without data the policy decides: like met (`alert`), like clear (`ok`), or
 * nothing changes (`keep`).
 */

export type AlertStatus = "OK" | "PENDING" | "FIRING" | "RESOLVED";

/** What one evaluation said about one alert. */
export type OutcomeKind = "met" | "clear" | "no_data" | "error";

export type NoDataRule = "alert" | "ok" | "keep";

export type TransitionReason = "condition_met" | "held" | "cleared" | "no_data" | "policy_gone";

/** Instants are milliseconds since 1970-01-01 UTC. */
export interface AlertTimers {
  status: AlertStatus;
  /** how many times this alert has begun to fire */
  firingNo: number;
  /** PENDING, FIRING: since when the condition has held */
  activeAt: number | null;
  firedAt: number | null;
  /** FIRING: since when the condition no longer holds */
  clearSince: number | null;
  resolvedAt: number | null;
  /** last evaluation at which the condition held */
  lastTrueAt: number | null;
  lastEvaluatedAt: number | null;
  /** evaluations in a row at which the condition held */
  breaches: number;
}

export interface Timing {
  forMs: number;
  keepFiringForMs: number;
  noData: NoDataRule;
}

export interface Transition {
  from: AlertStatus;
  to: AlertStatus;
  reason: TransitionReason;
}

export interface Step {
  state: AlertTimers;
  /** null when the status stayed what it was */
  transition: Transition | null;
}

/** An alert that nothing was ever said about. */
export const quiet: AlertTimers = Object.freeze({
  status: "OK",
  firingNo: 0,
  activeAt: null,
  firedAt: null,
  clearSince: null,
  resolvedAt: null,
  lastTrueAt: null,
  lastEvaluatedAt: null,
  breaches: 0,
});

/**
 * The state after one evaluation.
 *
 * @param now instant of the evaluation. When the clock was set back since the last one, the running timers are moved back with
 *   it, so that they neither lose nor gain time.
 */
export function nextState(before: AlertTimers, outcome: OutcomeKind, timing: Timing, now: number): Step {
  if (outcome === "error") return { state: before, transition: null };
  const state = { ...withClockSetBack(before, now), lastEvaluatedAt: now };
  if (outcome === "no_data" && timing.noData === "keep") return { state, transition: null };

  const holds = outcome === "met" || (outcome === "no_data" && timing.noData === "alert");
  const step = holds ? holding(state, timing, now) : clearing(state, timing, now);
  if (outcome === "no_data" && step.transition !== null) step.transition.reason = "no_data";
  return step;
}

/** The end of an alert whose policy was removed or switched off, or whose label set the policy no longer names. */
export function withdraw(state: AlertTimers, now: number): Step {
  if (state.status === "PENDING") return enter(cleared(state), state.status, "OK", "policy_gone");
  if (state.status !== "FIRING") return { state, transition: null };
  return enter({ ...cleared(state), resolvedAt: now }, state.status, "RESOLVED", "policy_gone");
}

function holding(state: AlertTimers, timing: Timing, now: number): Step {
  const active = { ...state, lastTrueAt: now, breaches: state.breaches + 1, clearSince: null };
  if (state.status === "FIRING") return { state: active, transition: null };

  const activeAt = state.status === "PENDING" ? (state.activeAt ?? now) : now;
  const isLongEnough = now - activeAt >= timing.forMs;
  if (isLongEnough) {
    const fired = { ...active, activeAt, firedAt: now, resolvedAt: null, firingNo: state.firingNo + 1 };
    return enter(fired, state.status, "FIRING", state.status === "PENDING" ? "held" : "condition_met");
  }
  if (state.status === "PENDING") return { state: active, transition: null };
  return enter({ ...active, activeAt, resolvedAt: null }, state.status, "PENDING", "condition_met");
}

function clearing(state: AlertTimers, timing: Timing, now: number): Step {
  if (state.status === "PENDING") return enter(cleared(state), state.status, "OK", "cleared");
  if (state.status !== "FIRING") return { state: { ...state, breaches: 0 }, transition: null };

  const clearSince = state.clearSince ?? now;
  if (now - clearSince < timing.keepFiringForMs) {
    return { state: { ...state, clearSince, breaches: 0 }, transition: null };
  }
  return enter({ ...cleared(state), resolvedAt: now }, state.status, "RESOLVED", "cleared");
}

function cleared(state: AlertTimers): AlertTimers {
  return { ...state, activeAt: null, clearSince: null, breaches: 0 };
}

function enter(state: AlertTimers, from: AlertStatus, to: AlertStatus, reason: TransitionReason): Step {
  return { state: { ...state, status: to }, transition: { from, to, reason } };
}

function withClockSetBack(state: AlertTimers, now: number): AlertTimers {
  const setBackMs = (state.lastEvaluatedAt ?? now) - now;
  if (setBackMs <= 0) return state;
  return {
    ...state,
    activeAt: state.activeAt === null ? null : state.activeAt - setBackMs,
    clearSince: state.clearSince === null ? null : state.clearSince - setBackMs,
  };
}
