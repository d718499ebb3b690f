/**
 * Chapter 4: growing one symmetric tree, level by level.
 *
 * Of the two children of a leaf only the smaller one is counted; the other is what remains of the parent:
 * ```
 * slot of the parent   [parent]   →   [parent − smaller]   now the larger child's
 * a new slot                          [smaller]
 * ```
 */
import type { FixedPoint } from "./fixed-point.ts";
import { randomKey, uniformAt } from "./hash-random.ts";
import { BUILD_ENTRY, histogramPlace } from "./histogram.ts";
import { shareOfRows } from "./memory.ts";
import { chooseSplit, type Noise, type Split } from "./splitting.ts";
import type { Team } from "./threads.ts";
import type { Workspace } from "./workspace.ts";

export interface TreeSetting {
  fixed: FixedPoint;
  isSampled: boolean;
  /** λ · Σ weight / rows */
  regularizer: number;
  /** standard deviation of the noise on scores */
  noiseDeviation: number;
  /** what this tree's randomness depends on */
  key: number;
}

/**
 * Finds the splits of one tree. Gradients are in place, and sampled rows (if rows are sampled) in `order`.
 *
 * @returns the splits in order; fewer than the depth asked for when no candidate is left or a split became redundant.
 *          Afterwards the region `leaf` holds the leaf of every row.
 */
export function growTree(workspace: Workspace, team: Team, setting: TreeSetting): Split[] {
  const { layout, params } = workspace;
  const splits: Split[] = [];
  if (layout.features === 0 || params.depth === 0) {
    findLeaves(workspace, team, splits);
    return splits;
  }
  const slotOf = workspace.words("leafSlots", 1 << layout.depth);
  slotOf[0] = 0;
  workspace.words("builtLeaves").set([0, 0, -1]);
  team.run("buildRoot", setting);
  let listed = 1;

  for (let level = 0; level < params.depth; level++) {
    const noise = { deviation: setting.noiseDeviation, key: randomKey(setting.key, 2, level) };
    drawFeatures(workspace, randomKey(setting.key, 1, level));
    if (1 << level <= layout.slots) {
      const scanned = listForScan(workspace, slotOf.subarray(0, 1 << level));
      team.run("score", {
        listed,
        scanned,
        keeps: false,
        isFinished: true,
        regularizer: setting.regularizer,
        noise,
      });
    } else scoreInBatches(workspace, team, setting, level, noise);
    const split = chooseSplit(workspace, noise);
    if (split === null) break;
    splits.push(split);
    if (splits.length === params.depth) break;

    team.run("partition", { level, ...split });
    const counts = leafCounts(workspace, 1 << splits.length);
    // Rows outside of the sample may fill a leaf that looks empty, so a sampled tree asks all rows before it stops.
    if (
      redundantSplit(counts, splits.length) !== null &&
      (!setting.isSampled || findRedundant(workspace, team, splits) !== null)
    )
      break;
    const isKept = 1 << splits.length <= layout.slots;
    listed = listSmallerChildren(workspace, counts, level, isKept);
    if (isKept) team.run("build", { listed, ...setting });
  }

  // A split is redundant when no pair of leaves that differ in it alone has rows on both sides: it tells nothing that the
  // other splits do not tell. It is taken out, and the tree ends there.
  const redundant = findRedundant(workspace, team, splits);
  if (redundant !== null) {
    splits.splice(redundant, 1);
    findLeaves(workspace, team, splits);
  }
  return splits;
}

/** Finds the leaf of every row, into the region `leaf`. */
export function findLeaves(workspace: Workspace, team: Team, splits: readonly Split[]): void {
  const { at, columnStride } = workspace.layout;
  const table = workspace.words("splits", 2 * splits.length);
  for (const [j, { feature, border }] of splits.entries())
    table.set([at.columnBins + feature * columnStride, border], 2 * j);
  team.run("leafIndex", { depth: splits.length });
}

/** Task: the leaves of this thread's rows, and which of them have any. */
export function leafIndex(workspace: Workspace, { depth }: { depth: number }): void {
  const { layout, kernels, thread } = workspace;
  const { begin, end } = shareOfRows(layout, thread);
  kernels.leafIndex(layout.at.splits, depth, begin, end, layout.at.leaf);
  const leaf = workspace.halves("leaf", layout.rows);
  const isOccupied = workspace.bytes("isOccupied", 1 << layout.depth, thread << layout.depth).fill(0);
  for (let row = begin; row < end; row++) isOccupied[leaf[row]] = 1;
}

function findRedundant(workspace: Workspace, team: Team, splits: readonly Split[]): number | null {
  findLeaves(workspace, team, splits);
  const { threads, depth } = workspace.layout;
  const counts = new Int32Array(1 << splits.length);
  const isOccupied = workspace.bytes("isOccupied", threads << depth);
  for (let thread = 0; thread < threads; thread++)
    for (let leaf = 0; leaf < counts.length; leaf++) counts[leaf] += isOccupied[(thread << depth) + leaf];
  return redundantSplit(counts, splits.length);
}

/** The first split that no pair of leaves needs, or null. */
function redundantSplit(counts: Int32Array, depth: number): number | null {
  for (let bit = 0; bit < depth; bit++) {
    let isNeeded = false;
    for (let leaf = 0; leaf < counts.length && !isNeeded; leaf++)
      isNeeded = (leaf & (1 << bit)) === 0 && counts[leaf] > 0 && counts[leaf | (1 << bit)] > 0;
    if (!isNeeded) return bit;
  }
  return null;
}

/** Rows of the sample per leaf, over all threads. */
function leafCounts(workspace: Workspace, leaves: number): Int32Array {
  const { threads, depth } = workspace.layout;
  const total = new Int32Array(leaves);
  for (let thread = 0; thread < threads; thread++) {
    const counts = workspace.words("segments", leaves, (2 * thread + 1) << depth);
    for (let leaf = 0; leaf < leaves; leaf++) total[leaf] += counts[leaf];
  }
  return total;
}

/**
 * Lists, for every parent with rows, the child to count, its slot, and the slot its sibling takes over from the parent; and
 * notes each leaf's slot, −1 for a leaf without rows.
 */
function listSmallerChildren(
  workspace: Workspace,
  counts: Int32Array,
  level: number,
  isKept: boolean,
): number {
  const half = 1 << level;
  const slotOf = workspace.words("leafSlots", 2 * half);
  const list = workspace.words("builtLeaves");
  let listed = 0;
  for (let left = 0; left < half; left++) {
    const right = left + half;
    const parentSlot = slotOf[left];
    slotOf[left] = counts[left] > 0 ? parentSlot : -1;
    slotOf[right] = counts[right] > 0 ? parentSlot : -1;
    if (!isKept || counts[left] === 0 || counts[right] === 0) continue;
    const smaller = counts[right] <= counts[left] ? right : left;
    slotOf[smaller] = right;
    list.set([smaller, right, parentSlot], BUILD_ENTRY * listed++);
  }
  return listed;
}

/** Lists the histograms of all leaves that have rows, leaf by leaf, output by output. */
function listForScan(workspace: Workspace, slots: Int32Array): number {
  const list = workspace.words("scanList");
  let scanned = 0;
  for (const slot of slots)
    for (let output = 0; slot >= 0 && output < workspace.layout.outputs; output++)
      list[scanned++] = histogramPlace(workspace, slot, output);
  return scanned;
}

/** Scores a level that has more leaves than slots: batch by batch, each leaf counted anew. */
function scoreInBatches(
  workspace: Workspace,
  team: Team,
  setting: TreeSetting,
  level: number,
  noise: Noise,
): void {
  const slotOf = workspace.words("leafSlots", 1 << level);
  const list = workspace.words("builtLeaves");
  const batch = Math.max(1, workspace.layout.slots / 2);
  const leaves = [...slotOf.keys()].filter((leaf) => slotOf[leaf] >= 0);
  for (let first = 0; first < leaves.length; first += batch) {
    const members = leaves.slice(first, first + batch);
    for (const [i, leaf] of members.entries()) list.set([leaf, i, -1], BUILD_ENTRY * i);
    const listed = members.length;
    team.run("build", { listed, ...setting });
    const scanned = listForScan(workspace, Int32Array.from(members.keys()));
    const isFinished = first + batch >= leaves.length;
    team.run("score", {
      listed,
      scanned,
      keeps: first > 0,
      isFinished,
      regularizer: setting.regularizer,
      noise,
    });
  }
}

/** Draws the features that may be tried at this level; at least one. */
function drawFeatures(workspace: Workspace, key: number): void {
  const { layout, params } = workspace;
  const isTried = workspace.bytes("isTried", layout.features);
  for (let feature = 0; feature < layout.features; feature++)
    isTried[feature] = params.rsm >= 1 || uniformAt(key, feature) < params.rsm ? 1 : 0;
  if (!isTried.includes(1)) isTried[Math.floor(uniformAt(key, layout.features) * layout.features)] = 1;
}
