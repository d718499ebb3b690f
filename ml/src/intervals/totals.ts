/**
 * Intervals of totals (a chain's day, a portfolio's month). Errors of stores share the chain's shocks: adding the
 * bounds of single stores would reach too far, adding them as if independent not far enough. The backtest's errors are
 * therefore kept whole: each origin is one path of joint errors, replayed on the forecast that is asked about.
 *
 * ```
 *   ratio of path k over a set of cells = Σ point · exp(error of k) / Σ point      (cells that k observed)
 *   bound = total · exp(± conformal quantile of |log ratio|)      over the paths, and over whole weeks before and after
 * ```
 */
import type { DayNumber } from "@rossmann/core";
import { ArtifactError } from "../errors.ts";
import { assertLevel, widening } from "./conformal.ts";
import { studentQuantile } from "./student-quantile.ts";

/** Joint errors of one origin, days `from` … `to` ahead: log(actual / forecast), stores x days, NaN = not scored. */
export interface ErrorPath {
  /** the last day that was known; null in model files that did not keep it */
  origin: DayNumber | null;
  from: number;
  to: number;
  values: Float32Array;
}

/** Errors are kept in 16 bits: 1/8192 of a logarithm, ± 4. */
const STEPS = 8192;
const NOTHING = -32768;

export function pathToText(path: ErrorPath): string {
  const packed = Int16Array.from(path.values, (value) =>
    Number.isNaN(value) ? NOTHING : Math.max(-32767, Math.min(32767, Math.round(value * STEPS))),
  );
  return Buffer.from(packed.buffer).toString("base64");
}

/** @throws {ArtifactError} when the text does not hold stores x days errors */
export function textToPath(
  text: unknown,
  from: number,
  to: number,
  stores: number,
  origin: DayNumber | null = null,
): ErrorPath {
  const length = stores * (to - from + 1);
  if (typeof text !== "string") throw new ArtifactError("an error path is missing");
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== length * 2) {
    throw new ArtifactError(`an error path holds ${bytes.length} bytes, expected ${length * 2}`);
  }
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const packed = bytes.readInt16LE(i * 2);
    values[i] = packed === NOTHING ? NaN : packed / STEPS;
  }
  return { origin, from, to, values };
}

export interface TotalBounds {
  total: number;
  /** ≥ 0 and ≤ total */
  lower: number;
  /** ≥ total */
  upper: number;
}

/**
 * The total of some stores over some days, with its interval at any level.
 *
 * @param paths   joint errors of the backtest; without any the relative error is taken as 10 %
 * @param rows    the stores' rows in the paths, −1 for a store the backtest did not know; length m
 * @param points  forecasts, m x horizon
 * @param days    the days ahead that are summed, first and last included, from 1
 * @returns bounds for a level of 0.5–0.99; throws {LevelError} for another one
 */
export function totalBounds(
  paths: readonly ErrorPath[],
  rows: ArrayLike<number>,
  points: Float64Array,
  horizon: number,
  days: { from: number; to: number },
): (level: number) => TotalBounds {
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let h = days.from; h <= days.to; h++) total += points[i * horizon + h - 1];
  }
  const errors = relativeErrors(paths, rows, points, horizon, days);
  return (level) => {
    assertLevel(level);
    const reach = reachOf(errors, level);
    return { total, lower: total * Math.exp(-reach), upper: total * Math.exp(reach) };
  };
}

const UNKNOWN_SPREAD = 0.1;
/** Six origins are six numbers: the same weekdays of the weeks before and after say more about a day or a week. */
const NEIGHBOUR_WEEKS = 4;
/** A window that is moved must still hold most of the days that are asked about. */
const LEAST_SHARE_OF_DAYS = 0.75;

interface RelativeErrors {
  /** |log of replayed total over forecast total|, ascending */
  sizes: number[];
  /** origins they come from */
  origins: number;
}

function relativeErrors(
  paths: readonly ErrorPath[],
  rows: ArrayLike<number>,
  points: Float64Array,
  horizon: number,
  days: { from: number; to: number },
): RelativeErrors {
  const sizes: number[] = [];
  let origins = 0;
  const heldDays = (path: ErrorPath, shift: number) =>
    Math.min(path.to, days.to + shift) - Math.max(path.from, days.from + shift) + 1;
  const least = LEAST_SHARE_OF_DAYS * (days.to - days.from + 1);
  for (const path of paths) {
    // Errors of days far ahead are larger: a path tells of neighbouring weeks only where it tells of the days themselves.
    if (heldDays(path, 0) < least) continue;
    const before = sizes.length;
    for (let week = -NEIGHBOUR_WEEKS; week <= NEIGHBOUR_WEEKS; week++) {
      const shift = 7 * week;
      if (heldDays(path, shift) < least) continue;
      const log = logRatio(path, rows, points, horizon, days, shift);
      if (!Number.isNaN(log)) sizes.push(Math.abs(log));
    }
    if (sizes.length > before) origins++;
  }
  return { sizes: sizes.sort((a, b) => a - b), origins };
}

/** How far the log of a total may lie from its forecast: a conformal quantile, or Student's where there are too few errors. */
function reachOf({ sizes, origins }: RelativeErrors, level: number): number {
  if (origins === 0) return studentQuantile(0.5 + level / 2, 1) * UNKNOWN_SPREAD;
  const place = (sizes.length + 1) * level - 1;
  if (place <= sizes.length - 1) {
    const low = Math.floor(place);
    const high = Math.min(sizes.length - 1, low + 1);
    return widening(origins) * (sizes[low] + (place - low) * (sizes[high] - sizes[low]));
  }
  const spread = Math.sqrt(sizes.reduce((sum, size) => sum + size * size, 0) / sizes.length);
  return Math.max(sizes[sizes.length - 1], studentQuantile(0.5 + level / 2, origins) * spread);
}

/** Log of replayed total over forecast total, on the cells of the path; NaN when it has none. */
function logRatio(
  path: ErrorPath,
  rows: ArrayLike<number>,
  points: Float64Array,
  horizon: number,
  days: { from: number; to: number },
  shift: number,
): number {
  const width = path.to - path.from + 1;
  let forecast = 0;
  let replayed = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] < 0) continue;
    for (let h = days.from; h <= days.to; h++) {
      const at = h + shift;
      if (at < path.from || at > path.to) continue;
      const error = path.values[rows[i] * width + at - path.from];
      if (Number.isNaN(error)) continue;
      const point = points[i * horizon + h - 1];
      forecast += point;
      replayed += point * Math.exp(error);
    }
  }
  return forecast > 0 && replayed > 0 ? Math.log(replayed / forecast) : NaN;
}
