/**
 * Exact Shapley values of an oblivious tree for all of its leaves at once. What a tree answers when only some of its splits
 * are known is worked out once for every pattern of known and unknown splits; the values are sums over those answers.
 *
 * ```
 *   pattern: one of 0, 1, unknown per split, highest split first; 3^depth answers
 *   unknown split: both branches, weighted by the training rows that went there (path-dependent TreeSHAP)
 *   contribution of i at a leaf = Σ over sets S without i of |S|! (p − |S| − 1)! / p! · (answer(S ∪ i) − answer(S))
 * ```
 *
 * Source: Lundberg, Erion & Lee (2018), "Consistent Individualized Feature Attribution for Tree Ensembles", section 3;
 * for the few splits of an oblivious tree the plain sum is faster than algorithm 2.
 */
import type { ObliviousTree } from "./model.ts";

/** 3^depth answers are kept while a tree is worked out. */
export const DEEPEST_TREE = 8;

export interface LeafShapley {
  /** leaves x players */
  values: Float64Array;
  /** Σ value · weight / Σ weight: what the tree answers when nothing is known */
  mean: number;
}

/**
 * @param tree     of one output, at most {@link DEEPEST_TREE} splits deep
 * @param playerOf player of each split, from 0
 * @param players  number of players
 */
export function leafShapley(tree: ObliviousTree, playerOf: readonly number[], players: number): LeafShapley {
  const depth = tree.splits.length;
  const leaves = 1 << depth;
  const answers = patternAnswers(tree, depth);
  const powers = Array.from({ length: depth }, (_, bit) => 3 ** bit);
  const sets = 1 << players;
  const weights = shapleyWeights(players);
  const values = new Float64Array(leaves * players);
  for (let set = 0; set < sets; set++) {
    let unknown = 0;
    const known: number[] = [];
    for (let bit = 0; bit < depth; bit++) {
      if (((set >> playerOf[bit]) & 1) === 1) known.push(bit);
      else unknown += 2 * powers[bit];
    }
    let size = 0;
    for (let player = 0; player < players; player++) size += (set >> player) & 1;
    for (let leaf = 0; leaf < leaves; leaf++) {
      let pattern = unknown;
      for (const bit of known) pattern += ((leaf >> bit) & 1) * powers[bit];
      const answer = answers[pattern];
      for (let player = 0; player < players; player++) {
        const isIn = ((set >> player) & 1) === 1;
        values[leaf * players + player] += isIn ? weights[size - 1] * answer : -weights[size] * answer;
      }
    }
  }
  return { values, mean: answers[3 ** depth - 1] };
}

/** The tree's answer for every pattern; the split of bit b counts 3^b, 2 stands for unknown. */
function patternAnswers(tree: ObliviousTree, depth: number): Float64Array {
  let weights = tree.leafWeights;
  // answers[node · 3^(splits below) + pattern of them]; a node is the highest bits of the leaf number.
  let answers = Float64Array.from(tree.leafValues);
  for (let level = depth - 1; level >= 0; level--) {
    const nodes = 1 << level;
    const below = 3 ** (depth - level - 1);
    const above = new Float64Array(nodes * 3 * below);
    const sums = new Float64Array(nodes);
    for (let node = 0; node < nodes; node++) {
      const low = weights[2 * node];
      const high = weights[2 * node + 1];
      sums[node] = low + high;
      // Where no training row went, both branches are as likely.
      const share = low + high === 0 ? 0.5 : high / (low + high);
      for (let pattern = 0; pattern < below; pattern++) {
        const off = answers[2 * node * below + pattern];
        const on = answers[(2 * node + 1) * below + pattern];
        const at = node * 3 * below + pattern;
        above[at] = off;
        above[at + below] = on;
        above[at + 2 * below] = off + share * (on - off);
      }
    }
    answers = above;
    weights = sums;
  }
  return answers;
}

/** |S|! (p − |S| − 1)! / p! by the size of S. */
function shapleyWeights(players: number): Float64Array {
  const weights = new Float64Array(Math.max(1, players));
  for (let size = 0; size < players; size++) {
    let weight = 1 / players;
    // 1 / (p · C(p − 1, |S|))
    for (let k = 1; k <= size; k++) weight *= k / (players - k);
    weights[size] = weight;
  }
  return weights;
}
