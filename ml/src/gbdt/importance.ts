import { ModelFileError } from "./errors.ts";
import { columnCount, type ObliviousModel } from "./model.ts";
import { splitFeatures } from "./split-features.ts";

/**
 * PredictionValuesChange: how much the forecast changes on average when a feature moves across its splits. For every split bit
 * and every pair of leaves that differ in it alone, with weights c and values v: Σ c·(v − mean)².
 *
 * @returns one number per column (by flat index), summing to 100; all 0 when the model has no split
 * @throws {ModelFileError} when the model carries no leaf weights
 */
export function predictionValuesChange(model: ObliviousModel): Float64Array {
  const importance = new Float64Array(columnCount(model));
  const featuresOf = splitFeatures(model);
  for (const { splits, leafValues, leafWeights } of model.trees) {
    if (leafWeights.length === 0)
      throw new ModelFileError("the model has no leaf weights; importance cannot be computed");
    for (const [j, split] of splits.entries()) {
      let change = 0;
      for (let leaf = 0; leaf < leafWeights.length; leaf++) {
        const other = leaf | (1 << j);
        if (other === leaf || leafWeights[leaf] === 0 || leafWeights[other] === 0) continue;
        for (let output = 0; output < model.outputs; output++)
          change += pairChange(
            leafWeights[leaf],
            leafWeights[other],
            leafValues[leaf * model.outputs + output],
            leafValues[other * model.outputs + output],
          );
      }
      const features = featuresOf[split];
      for (const feature of features) importance[feature] += change / features.length;
    }
  }
  const total = importance.reduce((sum, value) => sum + value, 0);
  return total === 0 ? importance : importance.map((value) => (100 * value) / total);
}

function pairChange(weight1: number, weight2: number, value1: number, value2: number): number {
  const mean = (value1 * weight1 + value2 * weight2) / (weight1 + weight2);
  return (value1 - mean) ** 2 * weight1 + (value2 - mean) ** 2 * weight2;
}
