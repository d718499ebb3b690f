/**
 * The interval of the difference between a scenario and its baseline. What the chain's level does to one it does to the
 * other, so most of the errors of the two cancel; what is left is the level's error on the difference itself, and the error of
 * the effect that the model learned. Both are replayed from the origins of the backtest:
 *
 * ```
 *   difference in origin k = Σ (scenario · exp(error + change of promo · promo effect's error + …) − baseline · exp(error))
 *   bound = difference ± t · √(mean (difference in k − difference)²)
 * ```
 */
import { assertLevel } from "../intervals/conformal.ts";
import { studentQuantile } from "../intervals/student-quantile.ts";
import type { ErrorPath } from "../intervals/totals.ts";
import type { Panel } from "../panel.ts";
import { type EffectErrors, effectErrors } from "./effect-errors.ts";

export interface Difference {
  delta: number;
  lower: number;
  upper: number;
}

export interface DifferenceQuestion {
  paths: readonly ErrorPath[];
  base: Panel;
  changed: Panel;
  /** indexes in the panels, length m, and their rows in the paths */
  stores: Int32Array;
  rows: Int32Array;
  /** m x horizon */
  baseline: Float64Array;
  scenario: Float64Array;
  horizon: number;
}

/** A single day is judged by the days around it too, as totals are. */
const NEIGHBOUR_DAYS = 3;
/** Without a backtest: a fifth of the difference. */
const UNKNOWN_SHARE = 0.2;

/** Answers for any stretch of days ahead, first and last included, from 1. */
export function differencesOf(
  question: DifferenceQuestion,
): (from: number, to: number, level: number) => Difference {
  const { paths, base, stores, rows } = question;
  const effects = effectsOf(paths, base, stores, rows);
  return (from, to, level) => {
    assertLevel(level);
    let delta = 0;
    for (let i = 0; i < stores.length; i++) {
      for (let h = from; h <= to; h++) delta += difference(question, i, h);
    }
    const shifts = from === to ? NEIGHBOUR_DAYS : 0;
    let squares = 0;
    let replays = 0;
    let used = 0;
    paths.forEach((path, k) => {
      let hasSome = false;
      for (let shift = -shifts; shift <= shifts; shift++) {
        const replayed = replay(question, path, effects[k], from, to, shift);
        if (Number.isNaN(replayed)) continue;
        squares += (replayed - delta) ** 2;
        replays++;
        hasSome = true;
      }
      if (hasSome) used++;
    });
    const spread = used === 0 ? Math.abs(delta) * UNKNOWN_SHARE : Math.sqrt(squares / replays);
    const reach = studentQuantile(0.5 + level / 2, Math.max(1, used)) * spread;
    return { delta, lower: delta - reach, upper: delta + reach };
  };
}

/**
 * Errors of the learned effects, per path. A window far ahead was forecast from a projected calendar: its errors tell how well
 * the calendar was guessed, not the effect; it borrows those of the windows that begin with the first day.
 */
function effectsOf(
  paths: readonly ErrorPath[],
  panel: Panel,
  stores: Int32Array,
  rows: Int32Array,
): EffectErrors[] {
  const near = paths.filter(({ from }) => from === 1);
  const ofNear = near.map((path) => effectErrors(path, panel, stores, rows));
  return paths.map((path, k) => {
    const own = near.indexOf(path);
    if (own >= 0) return ofNear[own];
    return near.length === 0 ? effectErrors(path, panel, stores, rows) : ofNear[k % near.length];
  });
}

const difference = ({ scenario, baseline, horizon }: DifferenceQuestion, i: number, h: number) =>
  scenario[i * horizon + h - 1] - baseline[i * horizon + h - 1];

/** The difference as it would have come out with one origin's errors; NaN when that origin observed none of the cells. */
function replay(
  question: DifferenceQuestion,
  path: ErrorPath,
  effects: EffectErrors,
  from: number,
  to: number,
  shift: number,
): number {
  const { base, changed, stores, rows, baseline, scenario, horizon } = question;
  const width = path.to - path.from + 1;
  let observed = 0;
  let level = 0;
  let replayed = 0;
  let rest = 0;
  for (let i = 0; i < stores.length; i++) {
    for (let h = from; h <= to; h++) {
      const place = i * horizon + h - 1;
      const cell = stores[i] * base.calendarDays + base.historyDays + h - 1;
      const effect =
        (changed.promo[cell] - base.promo[cell]) * effects.promo +
        (changed.schoolHoliday[cell] - base.schoolHoliday[cell]) * effects.schoolHoliday;
      const planned = scenario[place] * Math.exp(effect) - baseline[place];
      const at = h + shift;
      const error =
        rows[i] < 0 || at < path.from || at > path.to ? NaN : path.values[rows[i] * width + at - path.from];
      if (Number.isNaN(error)) {
        rest += planned;
        continue;
      }
      const weight = Math.max(baseline[place], scenario[place]);
      const factor = Math.exp(error);
      observed += weight;
      level += weight * factor;
      replayed += planned * factor;
    }
  }
  // Days the origin did not observe (it was closed then) follow the mean of those it did.
  return observed > 0 ? replayed + rest * (level / observed) : NaN;
}
