import { bordersBelow } from "./binning.ts";
import { categoryHashes } from "./category-column.ts";
import { ctrValues } from "./ctr.ts";
import type { FloatFeature, ObliviousModel } from "./model.ts";
import type { ColumnValues } from "./predictor.ts";

/** One byte per row; a split passes when the byte is above its threshold. */
export interface BinColumn {
  binarise: (columns: readonly ColumnValues[], begin: number, count: number, bins: Uint8Array) => void;
}

/** A model in the form the predictor runs: columns of bins, and trees laid end to end. */
export interface CompiledModel {
  columns: BinColumn[];
  outputs: number;
  /** per tree */
  depths: Uint8Array;
  /** per split, trees one after the other */
  splitColumns: Uint32Array;
  splitThresholds: Uint8Array;
  /** per tree, leaf and output */
  leafValues: Float64Array;
}

/** Borders per column of bins; a feature with more gets several columns. */
const BORDERS_PER_COLUMN = 255;

export function compileModel(model: ObliviousModel): CompiledModel {
  const columns: BinColumn[] = [];
  /** by global split index */
  const place: { column: number; threshold: number }[] = [];
  const addBorders = (borders: Float32Array, columnOf: (part: Float32Array) => BinColumn) => {
    for (let first = 0; first < borders.length; first += BORDERS_PER_COLUMN) {
      const part = borders.subarray(first, first + BORDERS_PER_COLUMN);
      for (let threshold = 0; threshold < part.length; threshold++)
        place.push({ column: columns.length, threshold });
      columns.push(columnOf(part));
    }
  };
  for (const feature of model.floatFeatures)
    addBorders(feature.borders, (part) => floatColumn(feature, part));
  for (const feature of model.categoricalFeatures)
    for (const value of feature.oneHotValues) {
      place.push({ column: columns.length, threshold: 0 });
      columns.push({
        binarise(given, begin, count, bins) {
          const hashes = categoryHashes(given[feature.flatIndex], begin, count);
          for (let i = 0; i < count; i++) bins[i] = hashes[i] === value ? 1 : 0;
        },
      });
    }
  for (const ctr of model.ctrs)
    addBorders(ctr.borders, (part) => ({
      binarise(given, begin, count, bins) {
        const values = ctrValues(model, ctr, given, begin, count);
        for (let i = 0; i < count; i++) bins[i] = bordersBelow(part, values[i]);
      },
    }));

  const splits = model.trees.flatMap((tree) => Array.from(tree.splits, (split) => place[split]));
  const leafValues = new Float64Array(model.trees.reduce((sum, tree) => sum + tree.leafValues.length, 0));
  let at = 0;
  for (const tree of model.trees) {
    leafValues.set(tree.leafValues, at);
    at += tree.leafValues.length;
  }
  return {
    columns,
    outputs: model.outputs,
    depths: Uint8Array.from(model.trees, (tree) => tree.splits.length),
    splitColumns: Uint32Array.from(splits, ({ column }) => column),
    splitThresholds: Uint8Array.from(splits, ({ threshold }) => threshold),
    leafValues,
  };
}

function floatColumn({ flatIndex, nanTreatment }: FloatFeature, borders: Float32Array): BinColumn {
  const nanBin = nanTreatment === "AsTrue" ? borders.length : 0;
  return {
    binarise(columns, begin, count, bins) {
      const values = columns[flatIndex] as Float32Array | Float64Array;
      for (let i = 0; i < count; i++) {
        const value = Math.fround(values[begin + i]);
        bins[i] = !Number.isNaN(value) ? bordersBelow(borders, value) : nanBin;
      }
    },
  };
}
