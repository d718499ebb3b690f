/**
 * CatBoost's JSON model format, read and written. A file of ours is one that official CatBoost loads; it carries two texts of its
 * own in `model_info`: free metadata, and a checksum over everything else.
 */
import { createHash } from "node:crypto";
import { ModelFileError } from "./errors.ts";
import { array, finite, finiteArray, object, text, whole } from "./json-shape.ts";
import type {
  CategoricalFeature,
  Ctr,
  CtrElement,
  CtrTable,
  CtrType,
  FloatFeature,
  NanTreatment,
  ObliviousModel,
  ObliviousTree,
} from "./model.ts";

const METADATA_KEY = "rossmann_metadata";
const CHECKSUM_KEY = "rossmann_sha256";
/** The official reader's mark for an empty place in a hash map. */
const EMPTY_KEY = "18446744073709551615";

/**
 * The file's text: the same model gives the same bytes.
 *
 * @param metadata travels with the file; default: the model's own
 */
export function writeModel(model: ObliviousModel, metadata: string = model.metadata): string {
  const info: Record<string, unknown> = { ...model.info };
  delete info[CHECKSUM_KEY];
  delete info[METADATA_KEY];
  if (metadata !== "") info[METADATA_KEY] = metadata;
  const file: Record<string, unknown> = {
    features_info: {
      ...(model.categoricalFeatures.length === 0
        ? {}
        : { categorical_features: model.categoricalFeatures.map(writeCategorical) }),
      ...(model.ctrs.length === 0 ? {} : { ctrs: model.ctrs.map(writeCtr) }),
      float_features: model.floatFeatures.map(writeFloat),
    },
    model_info: info,
    oblivious_trees: writeTrees(model),
    scale_and_bias: [model.scale, model.bias],
    ...(model.ctrTables.size === 0 ? {} : { ctr_data: writeTables(model.ctrTables) }),
  };
  info[CHECKSUM_KEY] = checksumOf(file);
  return JSON.stringify(file);
}

/**
 * Reads a file of ours or of official CatBoost and checks all that can be checked without data.
 *
 * @param options.needsChecksum refuse files without our checksum (they may have been edited by hand)
 * @throws {ModelFileError} saying what is wrong and where
 */
export function readModel(json: string, options: { needsChecksum?: boolean } = {}): ObliviousModel {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    const seems = json.trimStart().startsWith("{") ? "it seems to be cut off" : "it is another kind of file";
    throw new ModelFileError(
      `not JSON: ${seems} (${json.length} characters); take it from its source again`,
      { cause },
    );
  }
  const file = object(parsed, "file");
  for (const key of ["features_info", "model_info", "oblivious_trees", "scale_and_bias"])
    if (!(key in file))
      throw new ModelFileError(
        key === "oblivious_trees" && "trees" in file
          ? "its trees are not symmetric; only models of grow_policy SymmetricTree can be used"
          : `'${key}' is missing: not a CatBoost JSON model`,
      );
  const info = { ...object(file.model_info, "model_info") };
  requireChecksum(file, info[CHECKSUM_KEY], options.needsChecksum ?? false);
  const metadata =
    info[METADATA_KEY] === undefined ? "" : text(info[METADATA_KEY], `model_info.${METADATA_KEY}`);
  delete info[CHECKSUM_KEY];
  delete info[METADATA_KEY];

  const features = object(file.features_info, "features_info");
  const floatFeatures = array(features.float_features ?? [], "float_features").map(readFloat);
  const categoricalFeatures = array(features.categorical_features ?? [], "categorical_features").map(
    readCategorical,
  );
  const ctrs = array(features.ctrs ?? [], "ctrs").map((ctr, i) =>
    readCtr(ctr, i, floatFeatures, categoricalFeatures),
  );
  requireDistinctColumns([...floatFeatures, ...categoricalFeatures]);
  const ctrTables = readTables(file.ctr_data, ctrs);

  const [scale, bias] = array(file.scale_and_bias, "scale_and_bias");
  const biases =
    typeof bias === "number"
      ? [finite(bias, "scale_and_bias[1]")]
      : [...finiteArray(bias, "scale_and_bias[1]")];
  if (biases.length === 0)
    throw new ModelFileError("scale_and_bias[1] must hold one number per output, got none");
  const model: ObliviousModel = {
    floatFeatures,
    categoricalFeatures,
    ctrs,
    ctrTables,
    trees: [],
    scale: finite(scale, "scale_and_bias[0]"),
    bias: biases,
    outputs: biases.length,
    info,
    metadata,
  };
  const splits = describeSplits(model);
  model.trees = array(file.oblivious_trees, "oblivious_trees").map((tree, i) =>
    readTree(tree, i, splits, model.outputs),
  );
  return model;
}

// ── features ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function writeFloat(feature: FloatFeature, index: number) {
  return {
    borders: [...feature.borders],
    feature_id: feature.name,
    feature_index: index,
    flat_feature_index: feature.flatIndex,
    has_nans: feature.hasNans,
    nan_value_treatment: feature.nanTreatment,
  };
}

function readFloat(value: unknown, index: number): FloatFeature {
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

function writeCategorical(feature: CategoricalFeature, index: number) {
  return {
    feature_id: feature.name,
    feature_index: index,
    flat_feature_index: feature.flatIndex,
    ...(feature.oneHotTexts.length === 0 ? {} : { string_values: feature.oneHotTexts }),
    ...(feature.oneHotValues.length === 0 ? {} : { values: [...feature.oneHotValues] }),
  };
}

function readCategorical(value: unknown, index: number): CategoricalFeature {
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

function requireDistinctColumns(features: readonly { flatIndex: number }[]): void {
  const seen = new Set<number>();
  for (const { flatIndex } of features) {
    if (seen.has(flatIndex))
      throw new ModelFileError(`two features claim column ${flatIndex} (flat_feature_index)`);
    seen.add(flatIndex);
  }
}

// ── target statistics ─────────────────────────────────────────────────────────────────────────────────────────────────

function writeCtr(ctr: Ctr) {
  return {
    borders: [...ctr.borders],
    ctr_type: ctr.type,
    elements: ctr.elements.map(writeElement),
    identifier: ctr.identifier,
    prior_denomerator: ctr.priorDenominator,
    prior_numerator: ctr.priorNumerator,
    scale: ctr.scale,
    shift: ctr.shift,
    target_border_idx: ctr.targetBorderIndex,
  };
}

function writeElement(element: CtrElement) {
  switch (element.kind) {
    case "category":
      return { cat_feature_index: element.categoricalIndex, combination_element: "cat_feature_value" };
    case "float":
      return {
        border: element.border,
        combination_element: "float_feature",
        float_feature_index: element.floatIndex,
      };
    case "exact":
      return {
        cat_feature_index: element.categoricalIndex,
        combination_element: "cat_feature_exact_value",
        value: element.value,
      };
  }
}

function readCtr(
  value: unknown,
  index: number,
  floats: readonly FloatFeature[],
  categories: readonly CategoricalFeature[],
): Ctr {
  const place = `ctrs[${index}]`;
  const ctr = object(value, place);
  const type = text(ctr.ctr_type, `${place}.ctr_type`);
  if (!["Borders", "Buckets", "Counter"].includes(type))
    throw new ModelFileError(
      `${place}.ctr_type '${type}' is not supported; Borders, Buckets and Counter are`,
    );
  return {
    identifier: text(ctr.identifier, `${place}.identifier`),
    elements: array(ctr.elements, `${place}.elements`).map((element, i) =>
      readElement(element, `${place}.elements[${i}]`, floats.length, categories.length),
    ),
    type: type as CtrType,
    priorNumerator: finite(ctr.prior_numerator, `${place}.prior_numerator`),
    priorDenominator: finite(ctr.prior_denomerator, `${place}.prior_denomerator`),
    shift: finite(ctr.shift, `${place}.shift`),
    scale: finite(ctr.scale, `${place}.scale`),
    targetBorderIndex: whole(ctr.target_border_idx ?? 0, `${place}.target_border_idx`, 0, 1e6),
    borders: ascending(ctr.borders ?? [], `${place}.borders`),
  };
}

function readElement(value: unknown, place: string, floats: number, categories: number): CtrElement {
  const element = object(value, place);
  const category = () => whole(element.cat_feature_index, `${place}.cat_feature_index`, 0, categories - 1);
  switch (element.combination_element) {
    case "cat_feature_value":
      return { kind: "category", categoricalIndex: category() };
    case "cat_feature_exact_value":
      return {
        kind: "exact",
        categoricalIndex: category(),
        value: whole(element.value, `${place}.value`, -(2 ** 31), 2 ** 31 - 1),
      };
    case "float_feature":
      return {
        kind: "float",
        floatIndex: whole(element.float_feature_index, `${place}.float_feature_index`, 0, floats - 1),
        border: finite(element.border, `${place}.border`),
      };
    default:
      throw new ModelFileError(
        `${place}.combination_element '${String(element.combination_element)}' is not known`,
      );
  }
}

function writeTables(tables: ReadonlyMap<string, CtrTable>) {
  return Object.fromEntries(
    [...tables].map(([identifier, table]) => [
      identifier,
      {
        counter_denominator: table.counterDenominator,
        hash_map: [...table.rows].flatMap(([key, row]) => [
          String(key),
          ...table.counts.subarray(row * table.classes, (row + 1) * table.classes),
        ]),
        hash_stride: table.classes + 1,
      },
    ]),
  );
}

function readTables(value: unknown, ctrs: readonly Ctr[]): Map<string, CtrTable> {
  const tables = new Map<string, CtrTable>();
  const data = value === undefined ? {} : object(value, "ctr_data");
  for (const { identifier, type } of ctrs) {
    if (tables.has(identifier)) continue;
    if (!(identifier in data))
      throw new ModelFileError(`ctr_data has no table '${identifier}', which ctrs refers to`);
    const place = `ctr_data['${identifier}']`;
    const table = object(data[identifier], place);
    const stride = whole(table.hash_stride, `${place}.hash_stride`, 2, 1e4);
    if (type === "Counter" && stride !== 2)
      throw new ModelFileError(`${place}.hash_stride must be 2 for Counter, got ${stride}`);
    const flat = array(table.hash_map, `${place}.hash_map`);
    if (flat.length % stride !== 0)
      throw new ModelFileError(
        `${place}.hash_map has ${flat.length} entries, which is no multiple of hash_stride ${stride}`,
      );
    const rows = new Map<bigint, number>();
    const counts = new Float64Array((flat.length / stride) * (stride - 1));
    for (let at = 0, row = 0; at < flat.length; at += stride, row++) {
      const key = text(flat[at], `${place}.hash_map[${at}]`);
      if (key === EMPTY_KEY) continue;
      if (!/^\d{1,20}$/.test(key))
        throw new ModelFileError(`${place}.hash_map[${at}] must be a decimal hash, got '${key}'`);
      rows.set(BigInt(key), row);
      for (let k = 1; k < stride; k++)
        counts[row * (stride - 1) + k - 1] = finite(flat[at + k], `${place}.hash_map[${at + k}]`);
    }
    const counterDenominator = finite(table.counter_denominator ?? 0, `${place}.counter_denominator`);
    tables.set(identifier, { rows, counts, classes: stride - 1, counterDenominator });
  }
  return tables;
}

// ── trees ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a split looks like in the file, by global split index, without the index itself. */
function describeSplits(model: ObliviousModel): Record<string, string | number>[] {
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

function writeTrees(model: ObliviousModel) {
  const splits = describeSplits(model);
  return model.trees.map((tree) => ({
    leaf_values: [...tree.leafValues],
    ...(tree.leafWeights.length === 0 ? {} : { leaf_weights: [...tree.leafWeights] }),
    splits: Array.from(tree.splits, (split_index) => ({ ...splits[split_index], split_index })),
  }));
}

function readTree(
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

// ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function requireIndex(value: unknown, expected: number, place: string): void {
  if (value !== undefined && value !== expected)
    throw new ModelFileError(
      `${place}.feature_index must be ${expected}, its place in the list, got ${String(value)}`,
    );
}

function ascending(value: unknown, place: string): Float32Array {
  const borders = Float32Array.from(finiteArray(value, place));
  for (let i = 1; i < borders.length; i++)
    if (!(borders[i] > borders[i - 1]))
      throw new ModelFileError(`${place} is out of order: ${borders[i]} follows ${borders[i - 1]}`);
  return borders;
}

function requireChecksum(file: Record<string, unknown>, given: unknown, isNeeded: boolean): void {
  if (given === undefined) {
    if (isNeeded)
      throw new ModelFileError("it carries no checksum of ours; import it instead of placing it by hand");
    return;
  }
  const info = { ...(file.model_info as Record<string, unknown>) };
  delete info[CHECKSUM_KEY];
  if (checksumOf({ ...file, model_info: info }) !== given)
    throw new ModelFileError(
      "its checksum does not fit its content: the file was edited or damaged; take it from its source again",
    );
}

function checksumOf(file: Record<string, unknown>): string {
  return createHash("sha256").update(JSON.stringify(file)).digest("hex");
}
