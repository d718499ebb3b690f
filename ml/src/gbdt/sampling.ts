import { BLOCK_METRICS } from "./gradients.ts";
import { uniformAt } from "./hash-random.ts";
import { segments } from "./histogram.ts";
import { shareOfRows } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import { packedGradients, rowWeights, type Workspace } from "./workspace.ts";

/** Rows among which MVS shares out its sample, as in the official library. */
const MVS_BLOCK = 8192;

/**
 * Task: draws this thread's sample for one tree. Kept rows are listed in `order`; their gradients are multiplied by the
 * sampling weight, which (times the row's own weight) goes to `structureWeight`.
 *
 * MVS keeps a row with probability p = min(1, u / mu) and weight 1 / p, u = sqrt(|d|² + lambda); mu is such that a block
 * keeps `rate` of its rows on average. Source: Ibragimov & Gusev (2019), "Minimal Variance Sampling in Stochastic Gradient
 * Boosting", NeurIPS.
 */
export function sampleRows(workspace: Workspace, { key, lambda }: { key: number; lambda: number }): void {
  const { layout, params, thread } = workspace;
  const { rows, blockRows } = layout;
  const share = shareOfRows(layout, thread);
  const order = workspace.words("order", rows);
  const metrics = workspace.doubles("blockMetrics", BLOCK_METRICS * layout.blocks);
  const weight = rowWeights(workspace);
  const structureWeight = layout.hasSampleWeights ? workspace.doubles("structureWeight", rows) : null;
  const gradients = packedGradients(workspace);
  const rate = params.bootstrap.type === "None" ? 1 : params.bootstrap.rate;
  const sizes = new Float64Array(MVS_BLOCK);
  let kept = share.begin;

  for (let blockBegin = share.begin; blockBegin < share.end; blockBegin += blockRows) {
    const blockEnd = Math.min(blockBegin + blockRows, share.end);
    let largest = 0;
    let largestWeight = 0;
    for (let begin = blockBegin; begin < blockEnd; begin += MVS_BLOCK) {
      const end = Math.min(begin + MVS_BLOCK, blockEnd);
      if (structureWeight === null) {
        for (let row = begin; row < end; row++) if (uniformAt(key, row) < rate) order[kept++] = row;
        continue;
      }
      gradientSizes(gradients, begin, end, lambda, sizes);
      const threshold = mvsThreshold(sizes.subarray(0, end - begin), rate);
      for (let row = begin; row < end; row++) {
        const chance = Math.min(1, sizes[row - begin] / threshold);
        if (chance < 1 && uniformAt(key, row) >= chance) continue;
        order[kept++] = row;
        const rowWeight = (weight === null ? 1 : weight[row]) / chance;
        structureWeight[row] = rowWeight;
        if (rowWeight > largestWeight) largestWeight = rowWeight;
        for (const gradient of gradients) {
          gradient[row] /= chance;
          largest = Math.max(largest, Math.abs(gradient[row]));
        }
      }
    }
    if (structureWeight !== null)
      metrics.set([largest, largestWeight], BLOCK_METRICS * (blockBegin / blockRows) + 3);
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

/**
 * The mu for which Σ min(1, size / mu) = rate · count. Sizes at or above mu count as one each; what is left has to fill the
 * rest, which lowers mu, which may lift further sizes above it: a few rounds end this.
 */
export function mvsThreshold(sizes: Float64Array, rate: number): number {
  const wanted = rate * sizes.length;
  let threshold = Infinity;
  for (;;) {
    let sum = 0;
    let full = 0;
    for (let i = 0; i < sizes.length; i++)
      if (sizes[i] >= threshold) full++;
      else sum += sizes[i];
    const next = sum / (wanted - full);
    // All sizes equal, or all that is left are zeros: keep what reaches the threshold.
    if (!(next < threshold) || next === 0)
      return Math.max(threshold === Infinity ? 0 : threshold, Number.MIN_VALUE);
    threshold = next;
  }
}

function gradientSizes(
  gradients: readonly Float64Array[],
  begin: number,
  end: number,
  lambda: number,
  sizes: Float64Array,
): void {
  sizes.fill(lambda);
  for (const gradient of gradients)
    for (let row = begin; row < end; row++) sizes[row - begin] += gradient[row] * gradient[row];
  for (let i = 0; i < end - begin; i++) sizes[i] = Math.sqrt(sizes[i]);
}
