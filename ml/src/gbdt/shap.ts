/**
 * Exact SHAP values of oblivious trees: path-dependent TreeSHAP, walked from the last split (highest bit) to the first, as the
 * official library does.
 *
 * A tree's contributions depend only on the leaf that is reached, so they are worked out once per tree and leaf; explaining
 * a row is then one lookup per tree.
 *
 * Source: Lundberg, Erion & Lee (2018), "Consistent Individualized Feature Attribution for Tree Ensembles", algorithm 2.
 */
import { ModelFileError } from "./errors.ts";
import { columnCount, type ObliviousModel, type ObliviousTree } from "./model.ts";
import { type ColumnValues, predictLeaves } from "./predictor.ts";
import { splitFeatures } from "./split-features.ts";

export interface ShapValues {
  /** `values[(row · outputs + output) · columns + column]`; with `base` they add up to the raw forecast */
  values: Float64Array;
  /** expected raw forecast per output: bias + Σ mean of the trees */
  base: Float64Array;
  rows: number;
  columns: number;
  outputs: number;
}

/**
 * @param columns as for `predictRaw`
 * @throws {ModelFileError} when the model carries no leaf weights
 * @throws {ModelColumnsError} as `predictRaw`
 */
export function shapValues(model: ObliviousModel, columns: readonly ColumnValues[]): ShapValues {
  const leaves = predictLeaves(model, columns);
  const trees = model.trees.length;
  const rows = columns[0]?.length ?? 0;
  const { outputs } = model;
  const width = columnCount(model);
  const values = new Float64Array(rows * outputs * width);
  const base = Float64Array.from(model.bias);
  const featuresOf = splitFeatures(model, ({ kind }) => kind === "category");

  for (let tree = 0; tree < trees; tree++) {
    const explained = explainTree(model.trees[tree], outputs, featuresOf);
    for (let output = 0; output < outputs; output++) base[output] += model.scale * explained.mean[output];
    for (let row = 0; row < rows; row++) {
      const shares = explained.ofLeaf(leaves[row * trees + tree]);
      for (let player = 0; player < explained.players.length; player++) {
        const members = explained.players[player];
        for (let output = 0; output < outputs; output++) {
          const share = (model.scale * shares[player * outputs + output]) / members.length;
          for (const member of members) values[(row * outputs + output) * width + member] += share;
        }
      }
    }
  }
  return { values, base, rows, columns: width, outputs };
}

interface ExplainedTree {
  /** distinct sets of columns the tree's splits look at; a combination shares its contribution equally */
  players: number[][];
  /** Σ value · weight / Σ weight per output */
  mean: Float64Array;
  /** contributions at a leaf: players · outputs */
  ofLeaf: (leaf: number) => Float64Array;
}

function explainTree(tree: ObliviousTree, outputs: number, featuresOf: readonly number[][]): ExplainedTree {
  const depth = tree.splits.length;
  if (tree.leafWeights.length === 0)
    throw new ModelFileError("the model has no leaf weights; contributions cannot be computed");
  const players: number[][] = [];
  const playerOf: number[] = [];
  for (const split of tree.splits) {
    const members = featuresOf[split];
    let player = players.findIndex(
      (other) => other.length === members.length && other.every((m, i) => m === members[i]),
    );
    if (player < 0) player = players.push(members) - 1;
    playerOf.push(player);
  }
  // subtreeWeights[level][node]: node = the highest `level` bits of the leaf number.
  const subtreeWeights = [tree.leafWeights];
  for (let level = depth - 1; level >= 0; level--) {
    const below = subtreeWeights[0];
    subtreeWeights.unshift(
      Float64Array.from({ length: 1 << level }, (_, node) => below[2 * node] + below[2 * node + 1]),
    );
  }
  const mean = new Float64Array(outputs);
  for (let leaf = 0; leaf < tree.leafWeights.length; leaf++)
    for (let output = 0; output < outputs; output++)
      mean[output] += tree.leafWeights[leaf] * tree.leafValues[leaf * outputs + output];
  const total = subtreeWeights[0][0];
  for (let output = 0; output < outputs; output++) mean[output] = total === 0 ? 0 : mean[output] / total;

  const cache: Float64Array[] = [];
  return {
    players,
    mean,
    ofLeaf(leaf) {
      cache[leaf] ??= leafContributions(tree, outputs, subtreeWeights, playerOf, players.length, leaf);
      return cache[leaf];
    },
  };
}

/** One feature on the way from the root: shares of the ways that go on with it unknown (zero) and known (one), and its weight. */
interface Step {
  player: number;
  zero: number;
  one: number;
  weight: number;
}

function leafContributions(
  tree: ObliviousTree,
  outputs: number,
  subtreeWeights: readonly Float64Array[],
  playerOf: readonly number[],
  players: number,
  leaf: number,
): Float64Array {
  const depth = tree.splits.length;
  const shares = new Float64Array(players * outputs);

  const walk = (level: number, node: number, path: Step[], zero: number, one: number, player: number) => {
    const steps = extend(path, zero, one, player);
    if (level === depth) {
      for (let i = 1; i < steps.length; i++) {
        const factor = unwoundSum(steps, i) * (steps[i].one - steps[i].zero);
        for (let output = 0; output < outputs; output++)
          shares[steps[i].player * outputs + output] += factor * tree.leafValues[node * outputs + output];
      }
      return;
    }
    const bit = depth - 1 - level;
    const next = playerOf[bit];
    const earlier = steps.findIndex((step, i) => i > 0 && step.player === next);
    const zeroBefore = earlier < 0 ? 1 : steps[earlier].zero;
    const oneBefore = earlier < 0 ? 1 : steps[earlier].one;
    const rest = earlier < 0 ? steps : unwind(steps, earlier);
    const hot = 2 * node + ((leaf >> bit) & 1);
    for (const child of [hot, hot ^ 1]) {
      const weight = subtreeWeights[level + 1][child];
      if (weight === 0) continue;
      const share = (zeroBefore * weight) / subtreeWeights[level][node];
      walk(level + 1, child, rest, share, child === hot ? oneBefore : 0, next);
    }
  };
  if (subtreeWeights[0][0] > 0) walk(0, 0, [], 1, 1, -1);
  return shares;
}

function extend(path: readonly Step[], zero: number, one: number, player: number): Step[] {
  const length = path.length;
  const steps = path.map((step) => ({ ...step }));
  steps.push({ player, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    steps[i + 1].weight += (one * steps[i].weight * (i + 1)) / (length + 1);
    steps[i].weight = (zero * steps[i].weight * (length - i)) / (length + 1);
  }
  return steps;
}

function unwind(path: readonly Step[], index: number): Step[] {
  const last = path.length - 1;
  const steps = path.map((step) => ({ ...step }));
  const { zero, one } = steps[index];
  let next = steps[last].weight;
  for (let i = last - 1; i >= 0; i--) {
    if (one !== 0) {
      const weight = steps[i].weight;
      steps[i].weight = (next * (last + 1)) / ((i + 1) * one);
      next = weight - (steps[i].weight * zero * (last - i)) / (last + 1);
    } else steps[i].weight = (steps[i].weight * (last + 1)) / (zero * (last - i));
  }
  for (let i = index; i < last; i++) steps[i] = { ...steps[i + 1], weight: steps[i].weight };
  steps.pop();
  return steps;
}

function unwoundSum(path: readonly Step[], index: number): number {
  return unwind(path, index).reduce((sum, step) => sum + step.weight, 0);
}
