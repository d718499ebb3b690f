/**
 * Intervals of totals (a chain's day, a portfolio's month). Errors of stores share the chain's shocks: adding the
 * bounds of single stores would reach too far, adding them as if independent not far enough. The backtest's errors are
 * therefore kept whole: each origin is one path of joint errors, replayed on the forecast that is asked about.
 *
 * ```
 *   ratio of path k over a set of cells = Σ point · exp(error of k) / Σ point      (cells that k observed)
 *   bound = total · exp(± t · √(mean log² ratio))         t: Student's quantile, one degree of freedom per path
 * ```
 */
import type { DayNumber } from "@rossmann/core";
import { ArtifactError } from "../errors.ts";
import { assertLevel } from "./conformal.ts";
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
 * The total of some stores over some days with its interval.
 *
 * @param paths   joint errors of the backtest; without any the relative error is taken as 10 %
 * @param rows    the stores' rows in the paths, −1 for a store the backtest did not know; length m
 * @param points  forecasts, m x horizon
 * @param days    the days ahead that are summed, first and last included, from 1
 * @param level   0.5–0.99
 * @throws {LevelError}
 */
export function totalBounds(
  paths: readonly ErrorPath[],
  rows: ArrayLike<number>,
  points: Float64Array,
  horizon: number,
  days: { from: number; to: number },
  level: number,
): TotalBounds {
  assertLevel(level);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let h = days.from; h <= days.to; h++) total += points[i * horizon + h - 1];
  }
  const { spread, freedom } = relativeSpread(paths, rows, points, horizon, days);
  const reach = studentQuantile(0.5 + level / 2, freedom) * spread;
  return { total, lower: total * Math.exp(-reach), upper: total * Math.exp(reach) };
}

const UNKNOWN_SPREAD = 0.1;
/** A single day is judged by the days around it too, else six origins would be six numbers. */
const NEIGHBOUR_DAYS = 3;

function relativeSpread(
  paths: readonly ErrorPath[],
  rows: ArrayLike<number>,
  points: Float64Array,
  horizon: number,
  days: { from: number; to: number },
): { spread: number; freedom: number } {
  const isSingleDay = days.from === days.to;
  let squares = 0;
  let ratios = 0;
  let used = 0;
  for (const path of paths) {
    const shifts = isSingleDay ? NEIGHBOUR_DAYS : 0;
    let hasSome = false;
    for (let shift = -shifts; shift <= shifts; shift++) {
      const log = logRatio(path, rows, points, horizon, days, shift);
      if (Number.isNaN(log)) continue;
      squares += log * log;
      ratios++;
      hasSome = true;
    }
    if (hasSome) used++;
  }
  if (used === 0) return { spread: UNKNOWN_SPREAD, freedom: 1 };
  return { spread: Math.sqrt(squares / ratios), freedom: used };
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
