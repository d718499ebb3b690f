/** How well a model did on every single store: what a planner asks about "my shop". */
import { type IsoDate, isoDate } from "@rossmann/core";
import { fitConformal, intervalBounds, type logErrors } from "../intervals/conformal.ts";
import { bias } from "../metrics/bias.ts";
import { coverage } from "../metrics/coverage.ts";
import { mae } from "../metrics/mae.ts";
import { rmspe } from "../metrics/rmspe.ts";
import { wape } from "../metrics/wape.ts";
import type { ModelName } from "../model.ts";
import { foldErrors } from "./fold-errors.ts";
import type { BacktestFold } from "./run-backtest.ts";
import { HORIZON_GROUPS, horizonGroupOf } from "./segments.ts";

export interface StoreAccuracy {
  /** index of the store */
  store: number;
  origin: IsoDate;
  /** "all" or a horizon group, "1-7" */
  group: string;
  /** scored days */
  points: number;
  measures: { rmspe: number; wape: number; mae: number; bias: number; coverage_80?: number };
}

const LEVEL = 0.8;

/** One row per store and origin over all days, and one per horizon group; stores without a scored day have none. */
export function storeAccuracy(folds: readonly BacktestFold[], model: ModelName): StoreAccuracy[] {
  const errors = folds.map((fold) => foldErrors(fold, model));
  return folds.flatMap((fold, k) => {
    const others = errors.filter((_, other) => other !== k);
    return foldAccuracy(fold, model, others);
  });
}

function foldAccuracy(
  fold: BacktestFold,
  model: ModelName,
  others: ReturnType<typeof logErrors>[],
): StoreAccuracy[] {
  const { horizon, actual } = fold;
  const forecasts = fold.forecasts.get(model)!;
  const stores = actual.length / horizon;
  const intervals = others.length === 0 ? null : fitConformal(others, stores);
  const lower = new Float64Array(horizon);
  const upper = new Float64Array(horizon);
  const rows: StoreAccuracy[] = [];
  for (let s = 0; s < stores; s++) {
    const observed = actual.subarray(s * horizon, (s + 1) * horizon);
    const points = forecasts.subarray(s * horizon, (s + 1) * horizon);
    if (intervals !== null) intervalBounds(intervals, points, intervals.scales[s], LEVEL, lower, upper);
    const scored: number[] = [];
    for (let h = 0; h < horizon; h++) if (!Number.isNaN(observed[h])) scored.push(h);
    if (scored.length === 0) continue;
    const groups = new Map<string, number[]>([["all", scored]]);
    for (const h of scored) {
      const { from, to } = HORIZON_GROUPS[horizonGroupOf(h + 1)];
      const group = `${from}-${to}`;
      groups.set(group, [...(groups.get(group) ?? []), h]);
    }
    for (const [group, days] of groups) {
      const pick = (values: Float64Array) => Float64Array.from(days, (h) => values[h]);
      const y = pick(observed);
      const f = pick(points);
      rows.push({
        store: s,
        origin: isoDate(fold.origin),
        group,
        points: days.length,
        measures: {
          rmspe: rmspe(y, f),
          wape: wape(y, f),
          mae: mae(y, f),
          bias: bias(y, f),
          ...(intervals !== null && { coverage_80: coverage(y, pick(lower), pick(upper)) }),
        },
      });
    }
  }
  return rows;
}
