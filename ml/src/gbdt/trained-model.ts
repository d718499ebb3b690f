import type { BinnedFeature } from "./binning.ts";
import type { FloatFeature, ObliviousModel, TrainingSummary } from "./model.ts";
import { modelInfo } from "./model-info.ts";
import { type BoosterParams, outputsOf } from "./params.ts";
import type { Split } from "./splitting.ts";

export interface TrainedTree {
  splits: Split[];
  leafValues: Float64Array;
  leafWeights: Float64Array;
}

interface Parts {
  names: readonly string[];
  features: readonly BinnedFeature[];
  trees: readonly TrainedTree[];
  start: readonly number[];
  params: BoosterParams;
  summary: TrainingSummary;
}

/** A model from what the trainer built; it lists only borders that a tree uses, as official files do. */
export function assembleModel({ names, features, trees, start, params, summary }: Parts): ObliviousModel {
  const used = features.map(({ borders }) => new Uint8Array(borders.length));
  for (const { splits } of trees) for (const { feature, border } of splits) used[feature][border] = 1;

  const floatFeatures: FloatFeature[] = names.map((name, flatIndex) => ({
    name,
    flatIndex,
    hasNans: false,
    nanTreatment: "AsIs",
    borders: new Float32Array(0),
  }));
  const splitIndex = features.map(({ borders }) => new Int32Array(borders.length));
  let next = 0;
  for (const [i, feature] of features.entries()) {
    const listed = feature.borders.filter((_, border) => used[i][border] === 1);
    floatFeatures[feature.column].borders = listed;
    floatFeatures[feature.column].hasNans = feature.hasNans;
    if (feature.hasNans)
      floatFeatures[feature.column].nanTreatment = params.nanMode === "Max" ? "AsTrue" : "AsFalse";
    for (let border = 0; border < used[i].length; border++)
      if (used[i][border] === 1) splitIndex[i][border] = next++;
  }

  return {
    floatFeatures,
    categoricalFeatures: [],
    ctrs: [],
    ctrTables: new Map(),
    trees: trees.map(({ splits, leafValues, leafWeights }) => ({
      splits: Int32Array.from(splits, ({ feature, border }) => splitIndex[feature][border]),
      leafValues,
      leafWeights,
    })),
    scale: 1,
    bias: [...start],
    outputs: outputsOf(params.loss),
    info: modelInfo(params),
    metadata: "",
    training: summary,
  };
}
