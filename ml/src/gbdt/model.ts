/**
 * A trained model of oblivious (symmetric) trees in memory: what the trainer returns, what the predictor reads, and what a
 * CatBoost JSON file holds.
 *
 * Splits are referred to by one global number, the split index of the file format: first every border of every float
 * feature (features in order, borders ascending), then every one-hot value, then every CTR border.
 */
export interface ObliviousModel {
  floatFeatures: FloatFeature[];
  categoricalFeatures: CategoricalFeature[];
  ctrs: Ctr[];
  /** tables of target statistics by the identifier that `Ctr.identifier` names */
  ctrTables: Map<string, CtrTable>;
  trees: ObliviousTree[];
  scale: number;
  /** one number per output; raw forecast = scale · Σ leaf values + bias */
  bias: number[];
  /** numbers per row that the model gives: 1, or one per level of MultiQuantile */
  outputs: number;
  /** texts of the file's `model_info`, and its parameter objects as they are */
  info: Record<string, unknown>;
  /** free text of our own that travels with the file; empty when there is none */
  metadata: string;
  /** how the training went; only on a model that was trained in this process */
  training?: TrainingSummary;
}

export interface ObliviousTree {
  /** global split indexes, the first split is bit 0 of the leaf number; length = depth, 0 for a tree of one leaf */
  splits: Int32Array;
  /** 2^depth · outputs numbers, all outputs of leaf 0 first */
  leafValues: Float64Array;
  /** sum of row weights per leaf, length 2^depth; empty when the file does not tell (then no SHAP, no importance) */
  leafWeights: Float64Array;
}

/** Where a missing value goes: nowhere special (`AsIs`), below every border (`AsFalse`), above every border (`AsTrue`). */
export type NanTreatment = "AsIs" | "AsFalse" | "AsTrue";

export interface FloatFeature {
  /** empty when the file gives none */
  name: string;
  /** position among all columns of a row */
  flatIndex: number;
  hasNans: boolean;
  nanTreatment: NanTreatment;
  /** ascending; a value passes border b when float32(value) > b; empty when no tree uses the feature */
  borders: Float32Array;
}

export interface CategoricalFeature {
  name: string;
  flatIndex: number;
  /** signed 32-bit hashes of the categories that have a split of their own */
  oneHotValues: Int32Array;
  /** texts of the same categories when the file has them */
  oneHotTexts: string[];
}

export type CtrType = "Borders" | "Buckets" | "Counter";

export interface Ctr {
  identifier: string;
  elements: CtrElement[];
  type: CtrType;
  priorNumerator: number;
  priorDenominator: number;
  shift: number;
  scale: number;
  targetBorderIndex: number;
  borders: Float32Array;
}

/** A member of the set whose combined value keys a table of target statistics. Indexes count within the kind. */
export type CtrElement =
  | { kind: "category"; categoricalIndex: number }
  | { kind: "float"; floatIndex: number; border: number }
  | { kind: "exact"; categoricalIndex: number; value: number };

export interface CtrTable {
  /** 64-bit key of the combination → row in `counts` */
  rows: Map<bigint, number>;
  /** counts side by side, `classes` per row */
  counts: Float64Array;
  classes: number;
  /** divisor of Counter statistics */
  counterDenominator: number;
}

export interface TrainingSummary {
  /** trees built before the best iteration was cut out */
  iterations: number;
  /** 0-based; null without an eval set */
  bestIteration: number | null;
  learnMetric: Float64Array;
  evalMetric: Float64Array;
  stopped: "iterations" | "early_stopping";
}

/** Number of columns a row must have: the highest flat index in use plus one. */
export function columnCount(model: ObliviousModel): number {
  let count = 0;
  for (const feature of model.floatFeatures) count = Math.max(count, feature.flatIndex + 1);
  for (const feature of model.categoricalFeatures) count = Math.max(count, feature.flatIndex + 1);
  return count;
}

/** Names of the columns by flat index; a column without a name is called by its number. */
export function columnNames(model: ObliviousModel): string[] {
  const names = Array.from({ length: columnCount(model) }, (_, i) => String(i));
  for (const feature of [...model.floatFeatures, ...model.categoricalFeatures])
    if (feature.name !== "") names[feature.flatIndex] = feature.name;
  return names;
}
