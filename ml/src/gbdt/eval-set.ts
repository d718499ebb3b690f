import { type BinnedFeature, binColumn } from "./binning.ts";
import type { EvalSet } from "./dataset.ts";
import type { LossFunction } from "./loss.ts";
import type { Split } from "./splitting.ts";

/** Forecasts of the eval set, kept up to date tree by tree. */
export interface EvalState {
  /** Adds a tree and gives the metric of the model with it. */
  add: (splits: readonly Split[], leafValues: Float64Array) => number;
}

/** @param features those that are trained on, in the trainer's order */
export function openEvalSet(
  set: EvalSet,
  features: readonly BinnedFeature[],
  loss: LossFunction,
  start: readonly number[],
): EvalState {
  const rows = set.target.length;
  const target = Float64Array.from(new Float32Array(set.target));
  const weight = set.weight === undefined ? null : Float64Array.from(new Float32Array(set.weight));
  const totalWeight = weight === null ? rows : weight.reduce((sum, w) => sum + w, 0);
  const bins = features.map((feature) => {
    const column = new Uint8Array(rows);
    binColumn(set.columns[feature.column], feature, column);
    return column;
  });
  const approx = start.map((value) => new Float64Array(rows).fill(value));
  const leaf = new Uint16Array(rows);

  return {
    add(splits, leafValues) {
      leaf.fill(0);
      for (const [j, { feature, border }] of splits.entries()) {
        const column = bins[feature];
        for (let row = 0; row < rows; row++) if (column[row] > border) leaf[row] |= 1 << j;
      }
      let sum = 0;
      for (const [output, forecast] of approx.entries()) {
        for (let row = 0; row < rows; row++) forecast[row] += leafValues[leaf[row] * approx.length + output];
        sum += loss.sum(output, target, forecast, weight, 0, rows);
      }
      return loss.metric(sum, totalWeight);
    },
  };
}
