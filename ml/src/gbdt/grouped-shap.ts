/** Contributions of groups of columns to the forecasts of a model, precomputed per tree and leaf. */
import { DEEPEST_TREE, leafShapley } from "./leaf-shapley.ts";
import type { ObliviousModel } from "./model.ts";
import { type ColumnValues, predictLeaves } from "./predictor.ts";
import { shapValues } from "./shap.ts";
import { splitFeatures } from "./split-features.ts";

export interface GroupedShap {
  /** rows x groups; with `base` they add up to the raw forecast */
  values: Float64Array;
  /** expected raw forecast */
  base: number;
}

/**
 * Explains rows by groups of columns: sums of the columns' exact SHAP values.
 *
 * @param model   of one output
 * @param groupOf group of each column by flat index, from 0
 */
export function groupedShap(
  model: ObliviousModel,
  groupOf: readonly number[],
  groups: number,
): (columns: readonly ColumnValues[]) => GroupedShap {
  if (model.trees.some((tree) => tree.splits.length > DEEPEST_TREE || tree.leafWeights.length === 0)) {
    return (columns) => summedShap(model, columns, groupOf, groups);
  }
  const featuresOf = splitFeatures(model, ({ kind }) => kind === "category");
  let base = model.bias[0];
  const tables = model.trees.map((tree) => {
    const { players, playerOf } = playersOf(Array.from(tree.splits, (split) => featuresOf[split]));
    const { values, mean } = leafShapley(tree, playerOf, players.length);
    base += model.scale * mean;
    const table = new Float64Array(tree.leafWeights.length * groups);
    for (let leaf = 0; leaf < tree.leafWeights.length; leaf++) {
      players.forEach((members, player) => {
        const share = (model.scale * values[leaf * players.length + player]) / members.length;
        for (const member of members) table[leaf * groups + groupOf[member]] += share;
      });
    }
    return table;
  });
  return (columns) => {
    const leaves = predictLeaves(model, columns);
    const rows = columns[0]?.length ?? 0;
    const values = new Float64Array(rows * groups);
    for (let row = 0; row < rows; row++) {
      for (let tree = 0; tree < tables.length; tree++) {
        const at = leaves[row * tables.length + tree] * groups;
        for (let group = 0; group < groups; group++) values[row * groups + group] += tables[tree][at + group];
      }
    }
    return { values, base };
  };
}

/** Splits that look at the same columns are one player. */
function playersOf(ofSplits: readonly number[][]): { players: number[][]; playerOf: number[] } {
  const players: number[][] = [];
  const playerOf = ofSplits.map((members) => {
    const known = players.findIndex(
      (other) => other.length === members.length && other.every((member, i) => member === members[i]),
    );
    return known < 0 ? players.push(members) - 1 : known;
  });
  return { players, playerOf };
}

function summedShap(
  model: ObliviousModel,
  columns: readonly ColumnValues[],
  groupOf: readonly number[],
  groups: number,
): GroupedShap {
  const { values, base, rows, columns: width } = shapValues(model, columns);
  const summed = new Float64Array(rows * groups);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      summed[row * groups + groupOf[column]] += values[row * width + column];
    }
  }
  return { values: summed, base: base[0] };
}
