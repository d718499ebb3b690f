/** What a training leaves behind: fitted models, which of them answers for which horizon, and how far to trust them. */
import type { DayNumber } from "@rossmann/core";
import { type AverageMember, geometricMean } from "./average.ts";
import type { OriginViews } from "./features/origin-views.ts";
import type { ConformalIntervals } from "./intervals/conformal.ts";
import type { ErrorPath } from "./intervals/totals.ts";
import type { FittedModel, ModelName } from "./model.ts";
import type { Panel } from "./panel.ts";

/** One stretch of horizons and the model that won its backtest. */
export interface HorizonPart {
  /** last day ahead of this part, included */
  to: number;
  name: ModelName;
  /** one member with weight 1 unless the winner is an average */
  members: readonly AverageMember[];
}

export interface TrainedModel {
  trainedFrom: DayNumber;
  /** last day it learned from */
  trainedTo: DayNumber;
  /** stores it was trained on, ascending; rows of scales and paths */
  storeIds: Int32Array;
  models: ReadonlyMap<ModelName, FittedModel>;
  /** ascending by `to`; the last one reaches the longest horizon */
  parts: readonly HorizonPart[];
  intervals: ConformalIntervals;
  paths: readonly ErrorPath[];
}

/**
 * The point forecast of the trained model.
 *
 * @param views kept for the panel, see `FittedModel.forecast`
 * @returns m x horizon, currency units, ≥ 0; exactly 0 on closed days
 */
export function forecastPoints(
  trained: TrainedModel,
  panel: Panel,
  storeIndexes: Int32Array,
  horizon: number,
  views?: OriginViews,
): Float64Array {
  const out = new Float64Array(storeIndexes.length * horizon);
  let from = 1;
  for (const part of trained.parts) {
    if (from > horizon) break;
    const to = Math.min(part.to, horizon);
    const answers = part.members.map(({ name }) =>
      trained.models.get(name)!.forecast(panel, storeIndexes, to, from, views),
    );
    const mixed = geometricMean(
      answers,
      part.members.map((member) => member.weight),
    );
    for (let i = 0; i < storeIndexes.length; i++) {
      out.set(mixed.subarray(i * to + from - 1, (i + 1) * to), i * horizon + from - 1);
    }
    from = to + 1;
  }
  return out;
}
