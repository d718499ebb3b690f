import { categoryHashes } from "./category-column.ts";
import { ctrValues } from "./ctr.ts";
import type { Kernels } from "./kernels.ts";
import { roundUp } from "./memory.ts";
import type { ObliviousModel } from "./model.ts";
import { PREDICTION_BLOCK, plainKernels } from "./plain-kernels.ts";
import type { ColumnValues } from "./predictor.ts";
import { openKernels, wasmParts } from "./wasm.ts";

/**
 * A model in the form the predictor runs, in one buffer:
 * ```
 * bins [column 0: 256 bytes][column 1 …] | values of a column's block | borders by column | depths by tree
 *   | per split, trees end to end: column, threshold | leaf values by tree, leaf and output | leaves | forecasts of a block
 * ```
 */
export interface CompiledModel {
  outputs: number;
  trees: number;
  /** Bins of up to 256 rows, into the buffer. */
  binarise: (columns: readonly ColumnValues[], begin: number, count: number) => void;
  /** Sums of leaf values of the rows just binarised; a view that the next call overwrites. */
  addTrees: (count: number) => Float64Array;
  /** Leaf of a row just binarised. */
  leafOf: (tree: number, row: number) => number;
}

/** One byte per row; a split passes when the byte is above its threshold. */
interface BinColumn {
  /** borders of a column of numbers; null for a column that is 1 where a category is met */
  borders: Float32Array | null;
  nanBin: number;
  /** the numbers, or the category's 0 and 1 */
  values: (columns: readonly ColumnValues[], begin: number, count: number) => ArrayLike<number>;
}

/** Borders per column of bins; a feature with more gets several columns. */
const BORDERS_PER_COLUMN = 255;

/** @param kernels `plain` runs without WebAssembly */
export function compileModel(model: ObliviousModel, kernels: "auto" | "plain" = "auto"): CompiledModel {
  const { columns, places } = binColumns(model);
  const splits = model.trees.flatMap((tree) => Array.from(tree.splits, (split) => places[split]));
  const values = model.trees.reduce((sum, tree) => sum + tree.leafValues.length, 0);
  const { at, bytes } = layOut({
    bins: columns.length * PREDICTION_BLOCK,
    values: 4 * PREDICTION_BLOCK,
    borders: columns.length * 4 * BORDERS_PER_COLUMN,
    depths: model.trees.length,
    splitColumns: 4 * splits.length,
    splitThresholds: splits.length,
    leafValues: 8 * values,
    leaves: 2 * PREDICTION_BLOCK,
    out: 8 * PREDICTION_BLOCK * model.outputs,
  });
  const wasm = kernels === "auto" ? wasmParts(bytes) : null;
  const buffer: ArrayBufferLike = wasm?.memory.buffer ?? new ArrayBuffer(bytes);
  const run: Kernels = wasm === null ? plainKernels(buffer) : openKernels(wasm);

  for (const [i, { borders }] of columns.entries())
    if (borders !== null) new Float32Array(buffer, at.borders + 4 * BORDERS_PER_COLUMN * i).set(borders);
  new Uint8Array(buffer, at.depths).set(model.trees.map((tree) => tree.splits.length));
  new Uint32Array(buffer, at.splitColumns).set(splits.map(({ column }) => column));
  new Uint8Array(buffer, at.splitThresholds).set(splits.map(({ threshold }) => threshold));
  const leafValues = new Float64Array(buffer, at.leafValues, values);
  const firstSplit: number[] = [];
  let nextValue = 0;
  let nextSplit = 0;
  for (const tree of model.trees) {
    leafValues.set(tree.leafValues, nextValue);
    nextValue += tree.leafValues.length;
    firstSplit.push(nextSplit);
    nextSplit += tree.splits.length;
  }
  const bins = new Uint8Array(buffer, at.bins, columns.length * PREDICTION_BLOCK);
  const block = new Float32Array(buffer, at.values, PREDICTION_BLOCK);
  const out = new Float64Array(buffer, at.out, PREDICTION_BLOCK * model.outputs);

  return {
    outputs: model.outputs,
    trees: model.trees.length,
    binarise(given, begin, count) {
      for (const [i, { borders, nanBin, values: valuesOf }] of columns.entries()) {
        const place = i * PREDICTION_BLOCK;
        const found = valuesOf(given, begin, count);
        if (borders === null) bins.set(found, place);
        else {
          block.set(found);
          run.binarise(
            at.values,
            count,
            at.borders + 4 * BORDERS_PER_COLUMN * i,
            borders.length,
            nanBin,
            at.bins + place,
          );
        }
      }
    },
    addTrees(count) {
      const { depths, splitColumns, splitThresholds, leaves } = at;
      run.addTrees(
        at.bins,
        count,
        model.trees.length,
        depths,
        splitColumns,
        splitThresholds,
        at.leafValues,
        model.outputs,
        leaves,
        at.out,
      );
      return out.subarray(0, count * model.outputs);
    },
    leafOf(tree, row) {
      let leaf = 0;
      for (let j = 0; j < model.trees[tree].splits.length; j++) {
        const { column, threshold } = splits[firstSplit[tree] + j];
        if (bins[column * PREDICTION_BLOCK + row] > threshold) leaf |= 1 << j;
      }
      return leaf;
    },
  };
}

/** The columns of bins a model needs, and where each global split finds its own. */
function binColumns(model: ObliviousModel): {
  columns: BinColumn[];
  places: { column: number; threshold: number }[];
} {
  const columns: BinColumn[] = [];
  const places: { column: number; threshold: number }[] = [];
  const addNumbers = (borders: Float32Array, isNanHigh: boolean, values: BinColumn["values"]) => {
    for (let first = 0; first < borders.length; first += BORDERS_PER_COLUMN) {
      const part = borders.subarray(first, first + BORDERS_PER_COLUMN);
      for (let threshold = 0; threshold < part.length; threshold++)
        places.push({ column: columns.length, threshold });
      columns.push({ borders: part, nanBin: isNanHigh ? part.length : 0, values });
    }
  };
  for (const { borders, nanTreatment, flatIndex } of model.floatFeatures)
    addNumbers(borders, nanTreatment === "AsTrue", (given, begin, count) =>
      (given[flatIndex] as Float32Array | Float64Array).subarray(begin, begin + count),
    );
  for (const { oneHotValues, flatIndex } of model.categoricalFeatures)
    for (const value of oneHotValues) {
      places.push({ column: columns.length, threshold: 0 });
      const isMet = (hash: number) => (hash === value ? 1 : 0);
      columns.push({
        borders: null,
        nanBin: 0,
        values: (given, begin, count) => categoryHashes(given[flatIndex], begin, count).map(isMet),
      });
    }
  for (const ctr of model.ctrs)
    addNumbers(ctr.borders, false, (given, begin, count) => ctrValues(model, ctr, given, begin, count));
  return { columns, places };
}

function layOut<Name extends string>(
  sizes: Record<Name, number>,
): { at: Record<Name, number>; bytes: number } {
  const at = {} as Record<Name, number>;
  let bytes = 4096;
  for (const name of Object.keys(sizes) as Name[]) {
    at[name] = bytes;
    bytes += roundUp(sizes[name], 64);
  }
  return { at, bytes };
}
