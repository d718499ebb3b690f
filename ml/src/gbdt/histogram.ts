/**
 * Chapter 2: histograms. For every leaf, feature and bin the sum of gradients S and the sum of weights W of the rows that
 * fall there. Each thread adds up its own share of the rows; whoever compares a feature later joins the shares.
 */
import type { FixedPoint } from "./fixed-point.ts";
import { shareOfFeatures, shareOfRows } from "./memory.ts";
import type { Split } from "./splitting.ts";
import type { Workspace } from "./workspace.ts";

interface Counting {
  fixed: FixedPoint;
  isSampled: boolean;
}

/** Numbers per entry of the list of leaves to build: leaf, its slot, slot of the sibling to subtract it from (or −1). */
export const BUILD_ENTRY = 3;

/** Place of the histogram of one slot and output. */
export function histogramPlace({ layout }: Workspace, slot: number, output: number): number {
  return layout.at.histograms + (slot * layout.outputs + output) * layout.cells * 16;
}

/** Task: makes gradients fixed-point, and builds the root's histogram of this thread's rows. */
export function buildRoot(workspace: Workspace, { fixed, isSampled }: Counting): void {
  const { layout, kernels, thread } = workspace;
  const { begin, end } = shareOfRows(layout, thread);
  const weight = structureWeightPlace(workspace);
  for (let output = 0; output < layout.outputs; output++)
    kernels.pack(
      packedPlace(workspace, output),
      weight,
      begin,
      end,
      fixed.gradientScale,
      fixed.weightScale,
      fixed.weightBits,
    );
  const [begins, counts] = segments(workspace);
  begins[0] = begin;
  if (!isSampled) {
    counts[0] = end - begin;
    const order = workspace.words("order", layout.rows);
    for (let row = begin; row < end; row++) order[row] = row;
  }
  const order = isSampled ? layout.at.order : 0;
  buildLeaf(workspace, fixed, order, begin, begin + counts[0], targetOf(workspace, 0, 0));
}

/** Task: moves this thread's rows of every leaf to the side of the split they fall on: `[leaf …]` becomes `[leaf … | leaf + half …]`. */
export function partition(workspace: Workspace, { level, feature, border }: Split & { level: number }): void {
  const { layout, kernels, thread } = workspace;
  const [begins, counts] = segments(workspace);
  const column = layout.at.columnBins + feature * layout.columnStride;
  const spare = layout.at.spare + 4 * shareOfRows(layout, thread).begin;
  const half = 1 << level;
  for (let leaf = 0; leaf < half; leaf++) {
    const begin = begins[leaf];
    const count = counts[leaf];
    const kept =
      count === 0 ? 0 : kernels.partition(layout.at.order, begin, begin + count, column, border, spare);
    counts[leaf] = kept;
    begins[leaf + half] = begin + kept;
    counts[leaf + half] = count - kept;
  }
}

/** Task: builds the histograms of the listed leaves from this thread's rows. */
export function build(workspace: Workspace, { listed, fixed }: Counting & { listed: number }): void {
  const { layout } = workspace;
  const [begins, counts] = segments(workspace);
  const list = workspace.words("builtLeaves", BUILD_ENTRY * listed);
  for (let i = 0; i < listed; i++) {
    const leaf = list[BUILD_ENTRY * i];
    const target = targetOf(workspace, list[BUILD_ENTRY * i + 1], i);
    buildLeaf(workspace, fixed, layout.at.order, begins[leaf], begins[leaf] + counts[leaf], target);
  }
}

/** Joins the threads' shares of the listed leaves, and takes each from its parent, which leaves the sibling; own features only. */
export function join(workspace: Workspace, listed: number): void {
  const { layout, kernels, thread } = workspace;
  const { begin, end } = shareOfFeatures(layout, thread);
  const first = begin * layout.bins * 16;
  const pairs = (end - begin) * layout.bins;
  const list = workspace.words("builtLeaves", BUILD_ENTRY * listed);
  for (let i = 0; i < listed; i++) {
    const slot = list[BUILD_ENTRY * i + 1];
    const sibling = list[BUILD_ENTRY * i + 2];
    for (let output = 0; output < layout.outputs; output++) {
      const built = histogramPlace(workspace, slot, output) + first;
      for (let other = 1; other < layout.threads; other++)
        kernels.add(built, partPlace(workspace, other, i) + output * layout.cells * 16 + first, pairs);
      if (sibling >= 0) kernels.subtract(histogramPlace(workspace, sibling, output) + first, built, pairs);
    }
  }
}

/** Where this thread's rows of a leaf begin in `order`, and how many they are, by leaf. */
export function segments(workspace: Workspace): [begins: Int32Array, counts: Int32Array] {
  const leaves = 1 << workspace.layout.depth;
  const offset = workspace.thread * 2 * leaves;
  return [workspace.words("segments", leaves, offset), workspace.words("segments", leaves, offset + leaves)];
}

export function packedPlace({ layout }: Workspace, output: number): number {
  return layout.at.packed + output * layout.rows * 8;
}

/** Place of the weights that structure is judged by; 0 when all are 1. */
function structureWeightPlace({ layout }: Workspace): number {
  if (layout.hasSampleWeights) return layout.at.structureWeight;
  return layout.hasRowWeights ? layout.at.weight : 0;
}

/** The leading thread counts into the slot itself, the others into their own part. */
function targetOf(workspace: Workspace, slot: number, part: number): number {
  return workspace.thread === 0
    ? histogramPlace(workspace, slot, 0)
    : partPlace(workspace, workspace.thread, part);
}

function partPlace({ layout }: Workspace, thread: number, part: number): number {
  const perThread = Math.max(1, layout.slots / 2);
  return layout.at.parts + ((thread - 1) * perThread + part) * layout.outputs * layout.cells * 16;
}

function buildLeaf(
  workspace: Workspace,
  fixed: FixedPoint,
  order: number,
  begin: number,
  end: number,
  target: number,
): void {
  const { layout, kernels } = workspace;
  for (let output = 0; output < layout.outputs; output++)
    kernels.histogram(
      layout.at.rowBins,
      layout.rowStride,
      layout.features,
      layout.bins,
      packedPlace(workspace, output),
      structureWeightPlace(workspace),
      order,
      begin,
      end,
      fixed.gradientScale,
      fixed.weightScale,
      fixed.weightBits,
      fixed.flushRows,
      workspace.scratch,
      target + output * layout.cells * 16,
    );
}
