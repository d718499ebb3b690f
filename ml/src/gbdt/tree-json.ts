/** Trees and their splits as the model file writes them. */
import { ModelFileError } from "./errors.ts";
import { array, finiteArray, object, whole } from "./json-shape.ts";
import type { ObliviousModel, ObliviousTree } from "./model.ts";

/** What a split looks like in the file, by global split index, without the index itself. */
export function describeSplits(model: ObliviousModel): Record<string, string | number>[] {
  const splits: Record<string, string | number>[] = [];
  for (const [float_feature_index, { borders }] of model.floatFeatures.entries())
    for (const border of borders) splits.push({ border, float_feature_index, split_type: "FloatFeature" });
  for (const [cat_feature_index, { oneHotValues }] of model.categoricalFeatures.entries())
    for (const value of oneHotValues) splits.push({ cat_feature_index, split_type: "OneHotFeature", value });
  for (const ctr of model.ctrs)
    for (const border of ctr.borders)
      splits.push({ border, ctr_target_border_idx: ctr.targetBorderIndex, split_type: "OnlineCtr" });
  return splits;
}

export function writeTrees(model: ObliviousModel) {
  const splits = describeSplits(model);
  return model.trees.map((tree) => ({
    leaf_values: [...tree.leafValues],
    ...(tree.leafWeights.length === 0 ? {} : { leaf_weights: [...tree.leafWeights] }),
    splits: Array.from(tree.splits, (split_index) => ({ ...splits[split_index], split_index })),
  }));
}

export function readTree(
  value: unknown,
  index: number,
  known: readonly Record<string, string | number>[],
  outputs: number,
): ObliviousTree {
  const place = `oblivious_trees[${index}]`;
  const tree = object(value, place);
  const listed = array(tree.splits ?? [], `${place}.splits`);
  if (listed.length > 16)
    throw new ModelFileError(`${place} has ${listed.length} splits; at most 16 are allowed`);
  const splits = Int32Array.from(listed, (entry, j) => {
    const split = object(entry, `${place}.splits[${j}]`);
    const splitIndex = whole(split.split_index, `${place}.splits[${j}].split_index`, 0, known.length - 1);
    for (const [key, expected] of Object.entries(known[splitIndex])) {
      const isSame = key === "border" ? sameFloat32(split[key], expected) : split[key] === expected;
      if (split[key] !== undefined && !isSame)
        throw new ModelFileError(
          `${place}.splits[${j}].${key} is ${String(split[key])}, but split_index ${splitIndex} means ${expected}; the file was edited or its borders are out of order`,
        );
    }
    return splitIndex;
  });
  const leaves = 1 << splits.length;
  const leafValues = finiteArray(tree.leaf_values, `${place}.leaf_values`);
  if (leafValues.length !== leaves * outputs)
    throw new ModelFileError(
      `${place}.leaf_values must have ${leaves * outputs} numbers (${leaves} leaves, ${outputs} outputs), got ${leafValues.length}`,
    );
  const leafWeights = finiteArray(tree.leaf_weights ?? [], `${place}.leaf_weights`);
  if (leafWeights.length !== 0 && leafWeights.length !== leaves)
    throw new ModelFileError(`${place}.leaf_weights must have ${leaves} numbers, got ${leafWeights.length}`);
  if (leafWeights.some((weight) => weight < 0))
    throw new ModelFileError(`${place}.leaf_weights must not be negative`);
  return { splits, leafValues, leafWeights };
}

function sameFloat32(a: unknown, b: string | number): boolean {
  return (
    typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-6 * Math.max(1e-30, Math.abs(b))
  );
}
