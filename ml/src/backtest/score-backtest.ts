/** From folds to a table: one row per model, origin and segment. */
import { type IsoDate, isoDate } from "@rossmann/core";
import { fitConformal, intervalBounds, type logErrors } from "../intervals/conformal.ts";
import { coverage } from "../metrics/coverage.ts";
import { pinballLoss } from "../metrics/pinball-loss.ts";
import type { ModelName } from "../model.ts";
import { foldErrors } from "./fold-errors.ts";
import { type Measures, measure } from "./measure.ts";
import type { BacktestFold } from "./run-backtest.ts";
import { SEGMENT_KINDS, type SegmentKind, segmentOf, sizeDeciles } from "./segments.ts";

export interface BacktestRow {
  model: ModelName;
  origin: IsoDate;
  kind: SegmentKind;
  segment: string;
  /** scored days: open, with sales */
  points: number;
  measures: Measures;
}

const LEVELS = [0.8, 0.9, 0.95] as const;
/** A fold's cells in one list, so that every metric is a function of plain arrays. */
interface Cells {
  actual: Float64Array;
  predicted: Float64Array;
  /** per level of {@link LEVELS} */
  lower: Float64Array[];
  upper: Float64Array[];
}

/**
 * Score every model of every fold in every segment. The intervals of a fold are learned from the other folds of the
 * same length, never from itself; with a single fold there is no coverage.
 *
 * @param storeTypes per store
 */
export function scoreBacktest(
  folds: readonly BacktestFold[],
  storeTypes: readonly (string | null)[],
): BacktestRow[] {
  const rows: BacktestRow[] = [];
  const members = folds.map((fold) => segmentMembers(fold, storeTypes));
  for (const model of folds[0]?.forecasts.keys() ?? []) {
    const errors = folds.map((fold) => foldErrors(fold, model));
    folds.forEach((fold, k) => {
      const others = errors.filter((_, other) => other !== k);
      const bounds = others.length === 0 ? null : foldBounds(fold, model, others);
      for (const { kind, segment, cells } of members[k]) {
        rows.push({
          model,
          origin: isoDate(fold.origin),
          kind,
          segment,
          points: cells.length,
          measures: measureCells(gather(cells, fold.actual, fold.forecasts.get(model)!, bounds)),
        });
      }
    });
  }
  return rows;
}

interface Members {
  kind: SegmentKind;
  segment: string;
  /** places in the fold's tables */
  cells: Int32Array;
}

/** The scored cells of every segment of a fold: the same for every model. */
function segmentMembers(fold: BacktestFold, storeTypes: readonly (string | null)[]): Members[] {
  const { horizon, actual } = fold;
  const context = { storeTypes, deciles: sizeDeciles(fold.size) };
  return SEGMENT_KINDS.flatMap((kind) => {
    const members = new Map<string, number[]>();
    for (let i = 0; i < actual.length; i++) {
      if (Number.isNaN(actual[i])) continue;
      const segment = segmentOf(kind, fold, Math.floor(i / horizon), (i % horizon) + 1, context);
      const list = members.get(segment);
      if (list === undefined) members.set(segment, [i]);
      else list.push(i);
    }
    return [...members]
      .sort(bySegment)
      .map(([segment, cells]) => ({ kind, segment, cells: Int32Array.from(cells) }));
  });
}

type Bounds = { lower: Float64Array; upper: Float64Array }[];

function foldBounds(fold: BacktestFold, model: ModelName, others: ReturnType<typeof logErrors>[]): Bounds {
  const { horizon } = fold;
  const points = fold.forecasts.get(model)!;
  const stores = points.length / horizon;
  const intervals = fitConformal(others, stores);
  const isProjected = Array.from({ length: horizon }, (_, k) => k >= fold.knownDays);
  return LEVELS.map((level) => {
    const lower = new Float64Array(points.length);
    const upper = new Float64Array(points.length);
    for (let s = 0; s < stores; s++) {
      const from = s * horizon;
      const to = from + horizon;
      const out = [lower.subarray(from, to), upper.subarray(from, to)] as const;
      intervalBounds(intervals, points.subarray(from, to), intervals.scales[s], level, ...out, isProjected);
    }
    return { lower, upper };
  });
}

/** "10" after "9", "8-14" after "1-7", words by letters. */
const bySegment = ([a]: [string, number[]], [b]: [string, number[]]) =>
  (Number.parseInt(a, 10) || 0) - (Number.parseInt(b, 10) || 0) || (a < b ? -1 : 1);

function gather(
  cells: Int32Array,
  actual: Float64Array,
  predicted: Float64Array,
  bounds: Bounds | null,
): Cells {
  const pick = (values: Float64Array) => {
    const picked = new Float64Array(cells.length);
    for (let i = 0; i < cells.length; i++) picked[i] = values[cells[i]];
    return picked;
  };
  return {
    actual: pick(actual),
    predicted: pick(predicted),
    lower: (bounds ?? []).map((bound) => pick(bound.lower)),
    upper: (bounds ?? []).map((bound) => pick(bound.upper)),
  };
}

function measureCells(cells: Cells): Measures {
  const measures = measure(cells.actual, cells.predicted);
  if (cells.lower.length === 0) return measures;
  const [in80, in90, in95] = LEVELS.map((_, k) => coverage(cells.actual, cells.lower[k], cells.upper[k]));
  let pinball = pinballLoss(cells.actual, cells.predicted, 0.5);
  LEVELS.forEach((level, k) => {
    const tail = (1 - level) / 2;
    pinball += pinballLoss(cells.actual, cells.lower[k], tail);
    pinball += pinballLoss(cells.actual, cells.upper[k], 1 - tail);
  });
  return {
    ...measures,
    coverage_80: in80,
    coverage_90: in90,
    coverage_95: in95,
    pinball: pinball / (2 * LEVELS.length + 1),
  };
}
