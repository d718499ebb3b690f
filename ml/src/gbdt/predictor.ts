/**
 * Chapter 6: the predictor. Rows are taken in blocks; a block is binarised once, into one byte per row and column of bins, and
 * every tree then finds its leaves from those bytes.
 */

import { type CompiledModel, compileModel } from "./compiled-model.ts";
import { ModelColumnsError } from "./errors.ts";
import { columnCount, columnNames, type ObliviousModel } from "./model.ts";

/** Values of one column, a row each: numbers for float features, texts (or whole numbers) for categories. */
export type ColumnValues = Float32Array | Float64Array | readonly string[];

/** Rows binarised at a time: the bytes of some hundred columns stay in the second-level cache. */
export const PREDICTION_BLOCK = 256;

/**
 * Raw forecasts, before any link (for a log target they are logs).
 *
 * @param columns by flat index, all of one length; NaN = missing; columns beyond those the model knows are refused
 * @param out     filled and returned; rows · outputs numbers, all outputs of row 0 first
 * @throws {ModelColumnsError} when a column is missing, superfluous, of another length or of the wrong kind
 */
export function predictRaw(
  model: ObliviousModel,
  columns: readonly ColumnValues[],
  out?: Float64Array,
): Float64Array {
  const rows = requireColumns(model, columns);
  const raw = out ?? new Float64Array(rows * model.outputs);
  if (raw.length !== rows * model.outputs)
    throw new ModelColumnsError(`out must have ${rows * model.outputs} places, got ${raw.length}`);
  const compiled = compiledOf(model);
  const bins = new Uint8Array(compiled.columns.length * PREDICTION_BLOCK);
  for (let begin = 0; begin < rows; begin += PREDICTION_BLOCK) {
    const count = Math.min(PREDICTION_BLOCK, rows - begin);
    for (const [i, column] of compiled.columns.entries())
      column.binarise(
        columns,
        begin,
        count,
        bins.subarray(i * PREDICTION_BLOCK, i * PREDICTION_BLOCK + count),
      );
    addTrees(compiled, bins, count, raw.subarray(begin * model.outputs, (begin + count) * model.outputs));
  }
  for (let i = 0; i < raw.length; i++) raw[i] = model.scale * raw[i] + model.bias[i % model.outputs];
  return raw;
}

/**
 * The columns a model asks for, picked by name.
 *
 * @throws {ModelColumnsError} when the model asks for a name that is not there
 */
export function columnsByName(
  model: ObliviousModel,
  table: Readonly<Record<string, ColumnValues>>,
): ColumnValues[] {
  return columnNames(model).map((name) => {
    const column = table[name];
    if (column === undefined)
      throw new ModelColumnsError(
        `the model needs column '${name}', which is not among: ${Object.keys(table).join(", ")}`,
      );
    return column;
  });
}

/** Leaf numbers of rows under every tree: `leaves[row · trees + tree]`. */
export function predictLeaves(model: ObliviousModel, columns: readonly ColumnValues[]): Uint32Array {
  const rows = requireColumns(model, columns);
  const { columns: binColumns, depths, splitColumns, splitThresholds } = compiledOf(model);
  const trees = depths.length;
  const leaves = new Uint32Array(rows * trees);
  const bins = binColumns.map(() => new Uint8Array(rows));
  for (const [i, column] of binColumns.entries()) column.binarise(columns, 0, rows, bins[i]);
  for (let tree = 0, first = 0; tree < trees; first += depths[tree++])
    for (let j = 0; j < depths[tree]; j++) {
      const column = bins[splitColumns[first + j]];
      const threshold = splitThresholds[first + j];
      for (let row = 0; row < rows; row++) if (column[row] > threshold) leaves[row * trees + tree] |= 1 << j;
    }
  return leaves;
}

function addTrees(compiled: CompiledModel, bins: Uint8Array, count: number, raw: Float64Array): void {
  const { depths, splitColumns, splitThresholds, leafValues, outputs } = compiled;
  const leaf = new Uint32Array(count);
  raw.fill(0);
  let firstSplit = 0;
  let firstValue = 0;
  for (const depth of depths) {
    leaf.fill(0);
    for (let j = 0; j < depth; j++) {
      const at = splitColumns[firstSplit + j] * PREDICTION_BLOCK;
      const threshold = splitThresholds[firstSplit + j];
      for (let row = 0; row < count; row++) if (bins[at + row] > threshold) leaf[row] |= 1 << j;
    }
    for (let row = 0; row < count; row++)
      for (let output = 0; output < outputs; output++)
        raw[row * outputs + output] += leafValues[firstValue + leaf[row] * outputs + output];
    firstSplit += depth;
    firstValue += outputs << depth;
  }
}

const compiledModels = new WeakMap<ObliviousModel, CompiledModel>();

function compiledOf(model: ObliviousModel): CompiledModel {
  let compiled = compiledModels.get(model);
  if (compiled === undefined) {
    compiled = compileModel(model);
    compiledModels.set(model, compiled);
  }
  return compiled;
}

/** @returns the number of rows */
function requireColumns(model: ObliviousModel, columns: readonly ColumnValues[]): number {
  const wanted = columnCount(model);
  if (columns.length > wanted)
    throw new ModelColumnsError(
      `the model knows ${wanted} columns, got ${columns.length}; it was trained on other features`,
    );
  const names = columnNames(model);
  const rows = columns[0]?.length ?? 0;
  for (const [i, name] of names.entries()) {
    const column = columns[i];
    if (column === undefined)
      throw new ModelColumnsError(`the model needs ${wanted} columns; number ${i}, '${name}', is missing`);
    if (column.length !== rows)
      throw new ModelColumnsError(`column '${name}' has ${column.length} rows, the first one has ${rows}`);
  }
  for (const feature of model.floatFeatures)
    if (feature.borders.length > 0 && Array.isArray(columns[feature.flatIndex]))
      throw new ModelColumnsError(`column '${names[feature.flatIndex]}' must hold numbers, got texts`);
  return rows;
}
