/**
 * CatBoost's JSON model format, read and written. A file of ours is one that official CatBoost loads; it carries two texts of its
 * own in `model_info`: free metadata, and a checksum over everything else.
 */
import { createHash } from "node:crypto";
import { readCtr, readTables, writeCtr, writeTables } from "./ctr-json.ts";
import { ModelFileError } from "./errors.ts";
import {
  readCategorical,
  readFloat,
  requireDistinctColumns,
  writeCategorical,
  writeFloat,
} from "./feature-json.ts";
import { array, finite, finiteArray, object, text } from "./json-shape.ts";
import type { ObliviousModel } from "./model.ts";
import { describeSplits, readTree, writeTrees } from "./tree-json.ts";

const METADATA_KEY = "rossmann_metadata";
const CHECKSUM_KEY = "rossmann_sha256";

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
