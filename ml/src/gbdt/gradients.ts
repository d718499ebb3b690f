import { shareOfRows } from "./memory.ts";
import { rowWeights, type Workspace } from "./workspace.ts";

/** Numbers per block of rows in the region `blockMetrics`: sum of losses, Σ d², Σ norm of d, largest |d|, largest weight. */
export const BLOCK_METRICS = 5;
/** Place of the largest |d| among them; the largest weight follows. */
export const LARGEST = 3;

export interface Totals {
  loss: number;
  squares: number;
  norms: number;
  largest: number;
  largestWeight: number;
}

/**
 * Task: adds the finished tree's leaf values (if there is one) to the forecasts of this thread's rows, then writes the
 * weighted gradients for the next tree in place of the packed ones.
 */
export function advance(workspace: Workspace, { hasTree }: { hasTree: boolean }): void {
  const { layout, loss, thread } = workspace;
  const { rows, outputs, blockRows } = layout;
  const share = shareOfRows(layout, thread);
  const target = workspace.doubles("target", rows);
  const leaf = workspace.halves("leaf", rows);
  const leafValues = workspace.doubles("leafValues", outputs << layout.depth);
  const metrics = workspace.doubles("blockMetrics", BLOCK_METRICS * layout.blocks);
  const weight = rowWeights(workspace);
  const norms = new Float64Array(outputs > 1 ? blockRows : 0);

  for (let begin = share.begin; begin < share.end; begin += blockRows) {
    const end = Math.min(begin + blockRows, rows);
    norms.fill(0);
    let lossSum = 0;
    let squares = 0;
    let largest = 0;
    let normSum = 0;
    for (let output = 0; output < outputs; output++) {
      const approx = workspace.doubles("approx", rows, output * rows);
      if (hasTree) for (let i = begin; i < end; i++) approx[i] += leafValues[leaf[i] * outputs + output];
      lossSum += loss.sum(output, target, approx, weight, begin, end);
      const gradient = workspace.doubles("packed", end - begin, output * rows + begin);
      loss.derive(output, target, approx, begin, end, gradient, null);
      if (weight !== null) for (let i = begin; i < end; i++) gradient[i - begin] *= weight[i];
      for (let i = 0; i < end - begin; i++) {
        const size = Math.abs(gradient[i]);
        squares += size * size;
        if (!(size <= largest)) largest = size;
        if (outputs > 1) norms[i] += size * size;
        else normSum += size;
      }
    }
    if (outputs > 1) for (let i = 0; i < end - begin; i++) normSum += Math.sqrt(norms[i]);
    const largestWeight = weight === null ? 1 : largestOf(weight, begin, end);
    metrics.set([lossSum, squares, normSum, largest, largestWeight], BLOCK_METRICS * (begin / blockRows));
  }
}

/** Adds up the blocks, in their order. A gradient that is not a number shows as `largest`. */
export function gradientTotals({ layout, doubles }: Workspace): Totals {
  const metrics = doubles("blockMetrics", BLOCK_METRICS * layout.blocks);
  const totals = { loss: 0, squares: 0, norms: 0, largest: 0, largestWeight: 0 };
  for (let at = 0; at < metrics.length; at += BLOCK_METRICS) {
    totals.loss += metrics[at];
    totals.squares += metrics[at + 1];
    totals.norms += metrics[at + 2];
    if (!(metrics[at + 3] <= totals.largest)) totals.largest = metrics[at + 3];
    totals.largestWeight = Math.max(totals.largestWeight, metrics[at + 4]);
  }
  return totals;
}

function largestOf(values: Float64Array, begin: number, end: number): number {
  let largest = 0;
  for (let i = begin; i < end; i++) if (values[i] > largest) largest = values[i];
  return largest;
}
