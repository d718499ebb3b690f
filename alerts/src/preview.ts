import { type Db, preflightRunTimes, resolveDataSource } from "@rossmann/warehouse";
import { outcomeOf } from "./evaluate.ts";
import { alertIdOf } from "./labels.ts";
import { measure } from "./measure.ts";
import { type Policy, PREFLIGHT_METRICS } from "./policy.ts";
import { type AlertTimers, nextState, quiet } from "./state.ts";

/** One time that an alert would have fired. */
export interface PastFiring {
  alertId: string;
  firedAt: Date;
  /** null: it would still fire */
  resolvedAt: Date | null;
  value: number | null;
}

export interface PolicyPreview {
  /** begin of the time that was looked at */
  from: Date;
  firings: PastFiring[];
  evaluations: number;
  /** false when there were more runs than are looked at: the firings are those of the newest part */
  isComplete: boolean;
}

const DAY_MS = 86_400_000;
const MAX_RUNS = 400;

/**
 * What a policy would have done with the preflight runs of the past: "would have fired 4 times in the last 90 days".
 *
 * The value of a policy changes only when a run enters or leaves its window, and its state only then or when a timer ends: those are
 * the moments looked at, so that the answer is that of an evaluation without pause.
 *
 * @returns null for metrics of the business: how the forecasts stood on a past day is not kept
 */
export async function previewPolicy(
  db: Db,
  policy: Policy,
  span: { days: number; now: Date },
): Promise<PolicyPreview | null> {
  if (!(PREFLIGHT_METRICS as readonly string[]).includes(policy.metricType)) return null;
  const dataSourceId =
    policy.dataSource === null
      ? null
      : (await resolveDataSource(db, policy.dataSource, { allowInactive: true })).id;
  const start = span.now.getTime() - span.days * DAY_MS;
  const window = { from: new Date(start), to: span.now, sourceName: policy.sourceName, dataSourceId };
  const runs = await preflightRunTimes(db, window, MAX_RUNS + 1);
  const isComplete = runs.length <= MAX_RUNS;
  const looked = runs.slice(-MAX_RUNS);
  const from = isComplete ? start : looked[0]!.getTime();

  const firings: PastFiring[] = [];
  const states = new Map<string, AlertTimers>();
  const open = new Map<string, PastFiring>();
  const moments = momentsOf(policy, looked, from, span.now.getTime());
  for (const moment of moments) {
    const at = new Date(moment);
    const figures = await measure(db, policy, at);
    const seen = new Map(figures.map((figure) => [alertIdOf(policy.id, figure.instance), figure]));
    for (const alertId of new Set([...seen.keys(), ...states.keys()])) {
      const before = states.get(alertId) ?? quiet;
      const figure = seen.get(alertId) ?? { instance: {}, value: null, sample: 0, details: {} };
      const { state, transition } = nextState(
        before,
        outcomeOf(policy, figure, before.status === "FIRING"),
        policy,
        moment,
      );
      states.set(alertId, state);
      if (transition?.to === "FIRING") {
        const firing = { alertId, firedAt: at, resolvedAt: null, value: figure.value };
        firings.push(firing);
        open.set(alertId, firing);
      }
      const firing = open.get(alertId);
      if (transition?.to === "RESOLVED" && firing !== undefined) firing.resolvedAt = at;
    }
  }
  return { from: new Date(from), firings, evaluations: moments.length, isComplete };
}

/** When a run enters or leaves the window, and when a timer begun at such a moment ends. */
function momentsOf(policy: Policy, runs: readonly Date[], from: number, to: number): number[] {
  const changes = runs.flatMap((run) => [run.getTime(), run.getTime() + policy.windowDays * DAY_MS + 1]);
  const moments = new Set<number>([to]);
  for (const change of changes) {
    moments.add(change);
    if (policy.forMs > 0) moments.add(change + policy.forMs);
    if (policy.keepFiringForMs > 0) moments.add(change + policy.keepFiringForMs);
  }
  return [...moments].filter((moment) => moment >= from && moment <= to).sort((a, b) => a - b);
}
