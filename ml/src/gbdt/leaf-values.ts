/**
 * Leaf values of a finished tree, from all rows with their own weights (sampling decides the structure only).
 *
 * Gradient: S / (W + λ). Newton: S / (−Σ w·h + λ). Exact: the quantile of the leaf's errors. Sums are taken block by block and
 * the blocks added in order, so that rounding is the same for any number of threads.
 */
import type { LossFunction } from "./loss.ts";
import { SCRATCH_BYTES, SUMS, shareOfRows } from "./memory.ts";
import type { LeafMethod } from "./params.ts";
import type { Team } from "./threads.ts";
import { weightedQuantile } from "./weighted-quantile.ts";
import { rowWeights, type Workspace } from "./workspace.ts";

export interface LeafEstimate {
  /** before the learning rate; 2^depth · outputs, all outputs of leaf 0 first */
  values: Float64Array;
  /** what each value was divided by, per leaf and output: weights of the isotonic projection */
  denominators: Float64Array;
  /** Σ weight per leaf */
  weights: Float64Array;
}

/** @param regularizer λ · Σ weight / rows */
export function estimateLeaves(
  workspace: Workspace,
  team: Team,
  depth: number,
  method: LeafMethod,
  iterations: number,
  regularizer: number,
): LeafEstimate {
  const { outputs } = workspace.layout;
  const leaves = 1 << depth;
  const values = new Float64Array(leaves * outputs);
  const shared = workspace.doubles("leafValues", values.length);
  if (method === "Exact") {
    sortRowsByLeaf(workspace, leaves);
    team.run("exactLeaves", { leaves });
    values.set(shared);
    team.run("leafSums", { leaves, isNewton: false, isShifted: false });
    const sums = addBlocks(workspace, leaves, false);
    return { values, denominators: sums.weights.slice(), weights: everyNth(sums.weights, outputs) };
  }

  const isNewton = method === "Newton";
  let weights = new Float64Array(0);
  let denominators = new Float64Array(0);
  let loss = Infinity;
  let step = 1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    shared.set(values);
    team.run("leafSums", { leaves, isNewton, isShifted: iteration > 0 });
    const sums = addBlocks(workspace, leaves, isNewton);
    if (iteration === 0) {
      denominators = (isNewton ? sums.curvatures : sums.weights).map((sum) => sum + regularizer);
      weights = everyNth(sums.weights, outputs);
    }
    const move = values.map((_, i) => {
      const divisor = (isNewton ? sums.curvatures[i] : sums.weights[i]) + regularizer;
      return divisor > 0 ? sums.gradients[i] / divisor : 0;
    });
    if (iterations === 1) return { values: move, denominators, weights };
    // A step is taken only if it lowers the loss; otherwise half of it is tried, and every trial counts as an iteration.
    if (iteration === 0) loss = lossWith(workspace, team, leaves, values);
    step = 1;
    for (;;) {
      const tried = values.map((value, i) => value + step * move[i]);
      const triedLoss = lossWith(workspace, team, leaves, tried);
      if (triedLoss < loss) {
        values.set(tried);
        loss = triedLoss;
        break;
      }
      step /= 2;
      if (++iteration >= iterations) break;
    }
  }
  return { values, denominators, weights };
}

/** Rows whose derivatives are held at a time: two arrays of them fill the free scratch. */
const PIECE = SCRATCH_BYTES / 16;

/** Task: sums of this thread's blocks by leaf; derivatives are taken at the forecast plus the leaf's value if `isShifted`. */
export function leafSums(
  workspace: Workspace,
  { leaves, isNewton, isShifted }: { leaves: number; isNewton: boolean; isShifted: boolean },
): void {
  const { layout, loss, kernels, freeScratch } = workspace;
  const { at, rows, outputs } = layout;
  const target = workspace.doubles("target", rows);
  const gradient = new Float64Array(workspace.buffer, freeScratch, PIECE);
  const hessian = new Float64Array(workspace.buffer, freeScratch + 8 * PIECE, PIECE);
  const needsHessian = isNewton && !loss.hasUnitCurvature;
  forEachBlock(workspace, (block, begin, end) => {
    const place = block * SUMS * (outputs << layout.depth);
    workspace.doubles("blockSums", SUMS * leaves * outputs, place).fill(0);
    for (let first = begin; first < end; first += PIECE) {
      const count = Math.min(PIECE, end - first);
      const weight = layout.hasRowWeights ? at.weight + 8 * first : 0;
      const leaf = at.leaf + 2 * first;
      const pieceTarget = target.subarray(first, first + count);
      for (let output = 0; output < outputs; output++) {
        const approx = shiftedApprox(workspace, output, first, first + count, isShifted);
        const sums = at.blockSums + 8 * (place + SUMS * output);
        loss.derive(output, pieceTarget, approx, 0, count, gradient, needsHessian ? hessian : null);
        kernels.sumByLeaf(freeScratch, weight, leaf, count, (outputs * SUMS) / 2, sums);
        if (!needsHessian) continue;
        for (let i = 0; i < count; i++) hessian[i] = -hessian[i];
        kernels.sumByLeaf(freeScratch + 8 * PIECE, weight, leaf, count, (outputs * SUMS) / 2, sums + 16);
      }
    }
  });
}

/** Task: the loss of this thread's blocks with the leaf values added. */
export function lossAtLeaves(workspace: Workspace, _args: { leaves: number }): void {
  const { layout, loss } = workspace;
  const target = workspace.doubles("target", layout.rows);
  const weight = rowWeights(workspace);
  forEachBlock(workspace, (block, begin, end) => {
    const sums = workspace.doubles("blockSums", 1, block * SUMS * (layout.outputs << layout.depth));
    const blockTarget = target.subarray(begin, end);
    const blockWeight = weight?.subarray(begin, end) ?? null;
    sums[0] = 0;
    for (let output = 0; output < layout.outputs; output++) {
      const approx = shiftedApprox(workspace, output, begin, end, true);
      sums[0] += loss.sum(output, blockTarget, approx, blockWeight, 0, end - begin);
    }
  });
}

/** Task: Exact values of every so-manieth leaf; rows lie by leaf in `spare`, the leaves' ends in `leafSlots`. */
export function exactLeaves(workspace: Workspace, { leaves }: { leaves: number }): void {
  const { layout, loss, thread } = workspace;
  const { rows, outputs, threads } = layout;
  const target = workspace.doubles("target", rows);
  const values = workspace.doubles("leafValues", leaves * outputs);
  const rowsByLeaf = workspace.words("spare", rows);
  const ends = workspace.words("leafSlots", leaves);
  const weight = rowWeights(workspace);
  for (let leaf = thread; leaf < leaves; leaf += threads) {
    const members = rowsByLeaf.subarray(leaf === 0 ? 0 : ends[leaf - 1], ends[leaf]);
    for (let output = 0; output < outputs; output++) {
      const approx = workspace.doubles("approx", rows, output * rows);
      const errors = new Float64Array(members.length);
      for (let i = 0; i < members.length; i++) errors[i] = target[members[i]] - approx[members[i]];
      const weights = exactWeights(members, weight, target, loss);
      values[leaf * outputs + output] = weightedQuantile(errors, weights, loss.levels[output]);
    }
  }
}

function exactWeights(
  members: Int32Array,
  weight: Float64Array | null,
  target: Float64Array,
  { exactWeight }: LossFunction,
): Float64Array | null {
  if (weight === null && exactWeight === null) return null;
  return Float64Array.from(members, (row) => (weight?.[row] ?? 1) * (exactWeight?.(target[row]) ?? 1));
}

function lossWith(workspace: Workspace, team: Team, leaves: number, values: Float64Array): number {
  const { layout } = workspace;
  workspace.doubles("leafValues", values.length).set(values);
  team.run("lossAtLeaves", { leaves });
  const stride = SUMS * (layout.outputs << layout.depth);
  const sums = workspace.doubles("blockSums", layout.blocks * stride);
  let loss = 0;
  for (let block = 0; block < layout.blocks; block++) loss += sums[block * stride];
  return loss;
}

function addBlocks({ layout, loss, doubles }: Workspace, leaves: number, isNewton: boolean) {
  // −h is 1: the sum of curvatures is the sum of weights.
  const curvature = isNewton && loss.hasUnitCurvature ? 1 : 2;
  const count = leaves * layout.outputs;
  const stride = SUMS * (layout.outputs << layout.depth);
  const sums = doubles("blockSums", layout.blocks * stride);
  const gradients = new Float64Array(count);
  const weights = new Float64Array(count);
  const curvatures = new Float64Array(count);
  for (let block = 0; block < layout.blocks; block++)
    for (let i = 0, at = block * stride; i < count; i++, at += SUMS) {
      gradients[i] += sums[at];
      weights[i] += sums[at + 1];
      curvatures[i] += sums[at + curvature];
    }
  return { gradients, weights, curvatures };
}

function shiftedApprox(
  workspace: Workspace,
  output: number,
  begin: number,
  end: number,
  isShifted: boolean,
): Float64Array {
  const { rows, outputs } = workspace.layout;
  const approx = workspace.doubles("approx", end - begin, output * rows + begin);
  if (!isShifted) return approx;
  const leaf = workspace.halves("leaf", end - begin, begin);
  const values = workspace.doubles("leafValues");
  return approx.map((value, i) => value + values[leaf[i] * outputs + output]);
}

function forEachBlock(
  { layout, thread }: Workspace,
  visit: (block: number, begin: number, end: number) => void,
): void {
  const share = shareOfRows(layout, thread);
  for (let begin = share.begin; begin < share.end; begin += layout.blockRows)
    visit(begin / layout.blockRows, begin, Math.min(begin + layout.blockRows, share.end));
}

/** Counting sort of row numbers by leaf, into `spare`; the leaves' ends go to `leafSlots`. */
function sortRowsByLeaf({ layout, words, halves }: Workspace, leaves: number): void {
  const leaf = halves("leaf", layout.rows);
  const sorted = words("spare", layout.rows);
  const ends = words("leafSlots", leaves).fill(0);
  for (let row = 0; row < layout.rows; row++) ends[leaf[row]]++;
  for (let i = 0, begin = 0; i < leaves; i++) {
    const count = ends[i];
    ends[i] = begin;
    begin += count;
  }
  for (let row = 0; row < layout.rows; row++) sorted[ends[leaf[row]]++] = row;
}

function everyNth(values: Float64Array, n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: values.length / n }, (_, i) => values[i * n]);
}
