/** Features as the model file writes them. */
import { ModelFileError } from "./errors.ts";
import { array, ascending, object, text, whole } from "./json-shape.ts";
import type { CategoricalFeature, FloatFeature, NanTreatment } from "./model.ts";

export function writeFloat(feature: FloatFeature, index: number) {
  return {
    borders: [...feature.borders],
    feature_id: feature.name,
    feature_index: index,
    flat_feature_index: feature.flatIndex,
    has_nans: feature.hasNans,
    nan_value_treatment: feature.nanTreatment,
  };
}

export function readFloat(value: unknown, index: number): FloatFeature {
  const place = `float_features[${index}]`;
  const feature = object(value, place);
  requireIndex(feature.feature_index, index, place);
  const treatment = text(feature.nan_value_treatment ?? "AsIs", `${place}.nan_value_treatment`);
  if (!["AsIs", "AsFalse", "AsTrue"].includes(treatment))
    throw new ModelFileError(
      `${place}.nan_value_treatment must be AsIs, AsFalse or AsTrue, got '${treatment}'`,
    );
  return {
    name: text(feature.feature_id ?? "", `${place}.feature_id`),
    flatIndex: whole(feature.flat_feature_index, `${place}.flat_feature_index`, 0, 1e6),
    hasNans: feature.has_nans === true,
    nanTreatment: treatment as NanTreatment,
    borders: ascending(feature.borders ?? [], `${place}.borders`),
  };
}

export function writeCategorical(feature: CategoricalFeature, index: number) {
  return {
    feature_id: feature.name,
    feature_index: index,
    flat_feature_index: feature.flatIndex,
    ...(feature.oneHotTexts.length === 0 ? {} : { string_values: feature.oneHotTexts }),
    ...(feature.oneHotValues.length === 0 ? {} : { values: [...feature.oneHotValues] }),
  };
}

export function readCategorical(value: unknown, index: number): CategoricalFeature {
  const place = `categorical_features[${index}]`;
  const feature = object(value, place);
  requireIndex(feature.feature_index, index, place);
  const values = array(feature.values ?? [], `${place}.values`);
  return {
    name: text(feature.feature_id ?? "", `${place}.feature_id`),
    flatIndex: whole(feature.flat_feature_index, `${place}.flat_feature_index`, 0, 1e6),
    oneHotValues: Int32Array.from(values, (v, i) =>
      whole(v, `${place}.values[${i}]`, -(2 ** 31), 2 ** 31 - 1),
    ),
    oneHotTexts: array(feature.string_values ?? [], `${place}.string_values`).map((v, i) =>
      text(v, `${place}.string_values[${i}]`),
    ),
  };
}

export function requireDistinctColumns(features: readonly { flatIndex: number }[]): void {
  const seen = new Set<number>();
  for (const { flatIndex } of features) {
    if (seen.has(flatIndex))
      throw new ModelFileError(`two features claim column ${flatIndex} (flat_feature_index)`);
    seen.add(flatIndex);
  }
}

function requireIndex(value: unknown, expected: number, place: string): void {
  if (value !== undefined && value !== expected)
    throw new ModelFileError(
      `${place}.feature_index must be ${expected}, its place in the list, got ${String(value)}`,
    );
}
