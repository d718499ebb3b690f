import { BLOCK_METRICS, LARGEST } from "./gradients.ts";
import { uniformAt } from "./hash-random.ts";
import { segments } from "./histogram.ts";
import { shareOfRows } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Task: draws this thread's sample for one tree. Kept rows are listed in `order`; their gradients are multiplied by the
 * sampling weight, which (times the row's own weight) goes to `structureWeight`.
 *
 * MVS shares out its sample among 8192 rows at a time. It keeps a row with probability p = min(1, u / mu) and weight 1 / p, u = sqrt(|d|² + lambda); mu is such that
 * they keep `rate` of its rows on average. Source: Ibragimov & Gusev (2019), "Minimal Variance Sampling in Stochastic Gradient
 * Boosting", NeurIPS.
 */
export function sampleRows(workspace: Workspace, { key, lambda }: { key: number; lambda: number }): void {
  const { layout, params, kernels, thread } = workspace;
  const { at, rows, outputs, blockRows } = layout;
  const share = shareOfRows(layout, thread);
  const rate = params.bootstrap.type === "None" ? 1 : params.bootstrap.rate;
  let kept = share.begin;

  if (params.bootstrap.type === "MVS") {
    const weight = layout.hasRowWeights ? at.weight : 0;
    for (let begin = share.begin; begin < share.end; begin += blockRows) {
      const end = Math.min(begin + blockRows, share.end);
      const maxima = at.blockMetrics + 8 * (BLOCK_METRICS * (begin / blockRows) + LARGEST);
      const sizes = workspace.freeScratch;
      kept = kernels.sampleRows(
        at.packed,
        outputs,
        rows,
        weight,
        at.structureWeight,
        at.order,
        begin,
        end,
        kept,
        lambda,
        rate,
        key,
        sizes,
        maxima,
      );
    }
  } else {
    const order = workspace.words("order", rows);
    for (let row = share.begin; row < share.end; row++) if (uniformAt(key, row) < rate) order[kept++] = row;
  }
  const [begins, counts] = segments(workspace);
  begins[0] = share.begin;
  counts[0] = kept - share.begin;
}

/** The regularisation of MVS: a given one, else from the mean gradient (first tree) or the mean leaf value of the last tree. */
export function mvsLambda(
  params: BoosterParams,
  meanGradient: number,
  lastLeafValues: Float64Array | null,
  outputs: number,
): number {
  if (params.bootstrap.type !== "MVS") return 0;
  if (params.bootstrap.lambda !== undefined) return params.bootstrap.lambda;
  if (lastLeafValues === null) return meanGradient ** 2;
  let sum = 0;
  for (let leaf = 0; leaf < lastLeafValues.length; leaf += outputs)
    sum += Math.hypot(...lastLeafValues.subarray(leaf, leaf + outputs));
  return (sum / (lastLeafValues.length / outputs)) ** 2;
}

/** Are rows drawn for each tree? */
export function isSampling({ bootstrap }: BoosterParams, rows: number): boolean {
  // The official library does not sample so few rows either.
  return bootstrap.type !== "None" && bootstrap.rate < 1 && rows >= 100;
}
