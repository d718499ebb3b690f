/**
 * Prediction intervals from what the backtest got wrong. A score is the log error of a scored day divided by the
 * scale of its store; the quantiles of the scores of a horizon group, taken from origins the model had not seen, give
 * the bounds: `point · exp(scale · quantile)`. Each tail has its own quantile, so a model that forecasts too low on
 * average gets intervals that reach further up.
 *
 * Source: Lei et al. (2018), "Distribution-free predictive inference for regression", JASA 113, section 2 (split
 * conformal); one-sided tails as in Romano et al. (2019), "Conformalized quantile regression".
 */
import { HORIZON_GROUPS, horizonGroupOf } from "../backtest/segments.ts";
import { LevelError } from "../errors.ts";
import { medianInPlace } from "../median.ts";
import { normalUpperQuantile } from "./student-quantile.ts";

/** Quantiles are kept at k / 400, k = 1 … 399: fine enough for every level up to 99 %. */
const GRID = 400;
/** Below this many scores a group borrows those of all groups. */
const SAFE_SCORES = 300;
/**
 * Few origins show few of the shocks that a chain can meet (a warm spring, a competitor's strike), so the next window
 * errs a little more than the judged ones suggest: with K origins the intervals are widened by 1 + 1 / (4 K).
 */
export const widening = (origins: number) => 1 + 1 / (4 * Math.max(1, origins));
/** Median absolute deviation of a normal distribution in units of its standard deviation. */
const MAD_OF_NORMAL = 0.6745;
/** Days of evidence the chain's scale is worth when a store's own is estimated. */
const SCALE_PRIOR_DAYS = 30;
const SMALLEST_SCALE = 0.01;
/** Used where no backtest could be run: a shop's daily sales rarely leave ± 25 % for two of three days. */
const UNKNOWN_SCALE = 0.25;

/** Quantiles of the scores of a group of days: ascending, length 399. */
export interface IntervalGroup {
  count: number;
  quantiles: Float64Array;
}

export interface ConformalIntervals {
  /** per horizon group, of days whose calendar is known */
  groups: IntervalGroup[];
  /** the same of days whose calendar is projected: a promotion that was guessed wrong is the largest error of all */
  projected: IntervalGroup[];
  /** robust standard deviation of log errors per store, same order as the stores it was fitted on */
  scales: Float64Array;
  /** scale of a store that the backtest did not see */
  chainScale: number;
}

/** Log errors of one origin: log(actual / forecast), stores x horizon, NaN where nothing was scored. */
export interface LogErrors {
  horizon: number;
  values: Float64Array;
  /** days ahead whose calendar was known at the origin, default all; the later ones were projected */
  knownDays?: number;
}

/** log(actual / forecast); NaN where either is missing or not above 0. */
export function logErrors(actual: Float64Array, forecast: Float64Array, horizon: number): LogErrors {
  const values = new Float64Array(actual.length).fill(NaN);
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] > 0 && forecast[i] > 0) values[i] = Math.log(actual[i] / forecast[i]);
  }
  return { horizon, values };
}

/**
 * Learn the intervals.
 *
 * @param folds  log errors of out-of-sample origins; windows may differ in length
 * @param stores number of stores n
 */
export function fitConformal(folds: readonly LogErrors[], stores: number): ConformalIntervals {
  const { scales, chainScale } = storeScales(folds, stores);
  const known = fitGroups(folds, stores, scales, (h, knownDays) => h <= knownDays);
  const projected = fitGroups(folds, stores, scales, (h, knownDays) => h > knownDays);
  // Where no window told the one kind of days from the other, what was learned of either serves both.
  return {
    groups: known ?? projected ?? unknownGroups(),
    projected: projected ?? known ?? unknownGroups(),
    scales,
    chainScale,
  };
}

const unknownGroups = (): IntervalGroup[] =>
  HORIZON_GROUPS.map(() => ({ count: 0, quantiles: quantileGrid(new Float64Array(0), 1) }));

/** Groups of the days that are meant; null when none of them was scored. */
function fitGroups(
  folds: readonly LogErrors[],
  stores: number,
  scales: Float64Array,
  isMeant: (h: number, knownDays: number) => boolean,
): IntervalGroup[] | null {
  const { scores, origins } = scoresByGroup(folds, stores, scales, isMeant);
  if (origins === 0) return null;
  const factor = widening(origins);
  let pooled: Float64Array | null = null;
  const groups = scores.map((group) => {
    if (group.length >= SAFE_SCORES) return { count: group.length, quantiles: quantileGrid(group, factor) };
    pooled ??= quantileGrid(concatenate(scores), factor);
    return { count: group.length, quantiles: pooled };
  });
  // A group that no window reached is at least as uncertain as the one before it.
  for (let g = 1; g < groups.length; g++) {
    if (groups[g].count < SAFE_SCORES) groups[g].quantiles = groups[g - 1].quantiles;
  }
  return groups;
}

/** Errors in units of their store's scale, per horizon group; and how many origins they come from. */
function scoresByGroup(
  folds: readonly LogErrors[],
  stores: number,
  scales: Float64Array,
  isMeant: (h: number, knownDays: number) => boolean,
): { scores: Float64Array[]; origins: number } {
  const counts = new Int32Array(HORIZON_GROUPS.length);
  let origins = 0;
  const each = (visit: (group: number, score: number) => void) => {
    origins = 0;
    for (const { horizon, values, knownDays = horizon } of folds) {
      let hasSome = false;
      for (let h = 1; h <= horizon; h++) {
        if (!isMeant(h, knownDays)) continue;
        const group = horizonGroupOf(h);
        for (let s = 0; s < stores; s++) {
          const error = values[s * horizon + h - 1];
          if (Number.isNaN(error)) continue;
          visit(group, error / scales[s]);
          hasSome = true;
        }
      }
      if (hasSome) origins++;
    }
  };
  each((group) => {
    counts[group]++;
  });
  const scores = HORIZON_GROUPS.map((_, g) => new Float64Array(counts[g]));
  counts.fill(0);
  each((group, score) => {
    scores[group][counts[group]++] = score;
  });
  return { scores, origins };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Robust scale of every store's log errors, shrunk towards the chain's. Days whose calendar was known tell it when there
 * are any: behind a projected calendar the chain's promotions drown what a single store is like.
 */
function storeScales(
  folds: readonly LogErrors[],
  stores: number,
): { scales: Float64Array; chainScale: number } {
  const longest = folds.reduce((sum, fold) => sum + fold.horizon, 0);
  const hasKnown = folds.some(({ horizon, values, knownDays = horizon }) =>
    values.some((value, i) => !Number.isNaN(value) && i % horizon < knownDays),
  );
  const buffer = new Float64Array(longest);
  const own = new Float64Array(stores);
  const days = new Int32Array(stores);
  for (let s = 0; s < stores; s++) {
    let count = 0;
    for (const { horizon, values, knownDays = horizon } of folds) {
      const end = hasKnown ? Math.min(horizon, knownDays) : horizon;
      for (let h = 0; h < end; h++) {
        const error = values[s * horizon + h];
        if (!Number.isNaN(error)) buffer[count++] = Math.abs(error);
      }
    }
    days[s] = count;
    own[s] = count === 0 ? NaN : medianInPlace(buffer, count) / MAD_OF_NORMAL;
  }
  const known = own.filter((scale) => !Number.isNaN(scale));
  const chainScale =
    known.length === 0 ? UNKNOWN_SCALE : Math.max(SMALLEST_SCALE, medianInPlace(known, known.length));
  const scales = own.map((scale, s) => {
    if (Number.isNaN(scale)) return chainScale;
    const variance =
      (days[s] * scale ** 2 + SCALE_PRIOR_DAYS * chainScale ** 2) / (days[s] + SCALE_PRIOR_DAYS);
    return Math.max(SMALLEST_SCALE, Math.sqrt(variance));
  });
  return { scales, chainScale };
}

/**
 * Conformal quantiles: below the median the floor((n+1)p)-th smallest score, above it the ceil((n+1)p)-th, so that both
 * tails err on the wide side; standard normal quantiles when there is no score at all.
 */
function quantileGrid(scores: Float64Array, factor: number): Float64Array {
  const n = scores.length;
  scores.sort();
  return Float64Array.from({ length: GRID - 1 }, (_, k) => {
    const p = (k + 1) / GRID;
    if (n === 0) return p < 0.5 ? -normalUpperQuantile(p) : normalUpperQuantile(1 - p);
    const rank = p < 0.5 ? Math.floor((n + 1) * p) : Math.ceil((n + 1) * p);
    return factor * scores[Math.min(n - 1, Math.max(0, rank - 1))];
  });
}

/**
 * Bounds of the forecast of one store.
 *
 * @param points  forecast of days 1 … H, 0 on closed days
 * @param scale   the store's scale
 * @param level   0.5–0.99
 * @param lower   written, length H: ≥ 0, ≤ point, 0 on closed days
 * @param upper   written, length H: ≥ point, 0 on closed days
 * @param isProjected per day of 1 … H: is its calendar projected? default: all are known
 * @throws {LevelError}
 */
export function intervalBounds(
  intervals: ConformalIntervals,
  points: Float64Array,
  scale: number,
  level: number,
  lower: Float64Array,
  upper: Float64Array,
  isProjected?: ArrayLike<boolean | number>,
): void {
  assertLevel(level);
  const tail = (1 - level) / 2;
  for (let h = 1; h <= points.length; h++) {
    const point = points[h - 1];
    const groups = isProjected?.[h - 1] ? intervals.projected : intervals.groups;
    const { quantiles } = groups[horizonGroupOf(h)];
    lower[h - 1] = point * Math.exp(scale * Math.min(0, interpolate(quantiles, tail)));
    upper[h - 1] = point * Math.exp(scale * Math.max(0, interpolate(quantiles, 1 - tail)));
  }
}

/** @throws {LevelError} unless 0.5 ≤ level ≤ 0.99 */
export function assertLevel(level: number): void {
  if (!(level >= 0.5 && level <= 0.99)) throw new LevelError(level);
}

/** The quantile at probability p, linear between the points of the grid. */
export function interpolate(quantiles: Float64Array, p: number): number {
  // Rounded, because (1 - 0.95) / 2 · 400 is not 10 in binary.
  const place = Math.round((p * GRID - 1) * 1e9) / 1e9;
  const low = Math.max(0, Math.min(GRID - 2, Math.floor(place)));
  const high = Math.min(GRID - 2, low + 1);
  const share = Math.min(1, Math.max(0, place - low));
  return quantiles[low] + share * (quantiles[high] - quantiles[low]);
}
