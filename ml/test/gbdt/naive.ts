/** Slow and obvious twins of the trainer and the predictor, to compare with. */

interface JsonModel {
  features_info: {
    float_features: { flat_feature_index: number; borders: number[]; nan_value_treatment: string }[];
  };
  oblivious_trees: { splits: { float_feature_index: number; border: number }[]; leaf_values: number[] }[];
  scale_and_bias: [number, number[]];
}

/** Raw forecast of one row, straight from the text of a model file of float features. */
export function naivePredict(json: string, row: readonly number[]): number[] {
  const model = JSON.parse(json) as JsonModel;
  const [scale, bias] = model.scale_and_bias;
  const sums = bias.map(() => 0);
  for (const { splits, leaf_values } of model.oblivious_trees) {
    let leaf = 0;
    for (const [j, { float_feature_index, border }] of splits.entries()) {
      const feature = model.features_info.float_features[float_feature_index];
      const value = Math.fround(row[feature.flat_feature_index]);
      const passes = Number.isNaN(value) ? feature.nan_value_treatment === "AsTrue" : value > border;
      if (passes) leaf += 2 ** j;
    }
    for (let output = 0; output < sums.length; output++)
      sums[output] += leaf_values[leaf * sums.length + output];
  }
  return sums.map((sum, output) => scale * sum + bias[output]);
}

export interface NaiveSplit {
  feature: number;
  border: number;
}

/**
 * Splits of one tree of squared error from the forecast 0, by trying every border on every leaf.
 *
 * @param values  by row, then feature; no missing ones
 * @param borders by feature
 */
export function naiveSplits(
  values: readonly (readonly number[])[],
  target: readonly number[],
  borders: readonly (readonly number[])[],
  setting: { depth: number; lambda: number; score: "Cosine" | "L2" },
): NaiveSplit[] {
  const splits: NaiveSplit[] = [];
  let leaf = target.map(() => 0);
  while (splits.length < setting.depth) {
    let best: NaiveSplit | null = null;
    let bestScore = -Infinity;
    for (let feature = 0; feature < borders.length; feature++)
      for (const border of borders[feature]) {
        const sums = new Map<number, { s: number; w: number }>();
        for (const [i, row] of values.entries()) {
          const side = 2 * leaf[i] + (row[feature] > border ? 1 : 0);
          const sum = sums.get(side) ?? { s: 0, w: 0 };
          sums.set(side, { s: sum.s + target[i], w: sum.w + 1 });
        }
        let numerator = 0;
        let denominator = 1e-100;
        // Pairs of sides leaf by leaf, as the trainer adds them up: rounding decides between equal scores.
        for (let parent = 0; parent < 2 ** splits.length; parent++) {
          const sides = [sums.get(2 * parent), sums.get(2 * parent + 1)].map((sum) => sum ?? { s: 0, w: 0 });
          const a = sides.map(({ s, w }) => (w > 0 ? s / (w + setting.lambda) : 0));
          numerator += a[0] * sides[0].s + a[1] * sides[1].s;
          denominator += a[0] * a[0] * sides[0].w + a[1] * a[1] * sides[1].w;
        }
        const score = setting.score === "L2" ? numerator : numerator / Math.sqrt(denominator);
        if (score > bestScore) {
          bestScore = score;
          best = { feature, border };
        }
      }
    if (best === null) break;
    const { feature, border } = best;
    leaf = leaf.map((number, i) => number + (values[i][feature] > border ? 2 ** splits.length : 0));
    splits.push(best);
    const redundant = splits.findIndex((_, bit) => {
      const occupied = new Set(leaf);
      return ![...occupied].some((number) => occupied.has(number ^ (1 << bit)));
    });
    if (redundant >= 0) {
      splits.splice(redundant, 1);
      break;
    }
  }
  return splits;
}
