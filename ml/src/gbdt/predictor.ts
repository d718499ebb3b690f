/**
 * Chapter 6: the predictor. Rows are taken in blocks; a block is binarised once, into one byte per row and column of bins, and
 * every tree then finds its leaves from those bytes.
 */

import { type CompiledModel, compileModel } from "./compiled-model.ts";
import { ModelColumnsError } from "./errors.ts";
import { columnCount, columnNames, type ObliviousModel } from "./model.ts";
import { PREDICTION_BLOCK } from "./plain-kernels.ts";

/** Values of one column, a row each: numbers for float features, texts (or whole numbers) for categories. */
export type ColumnValues = Float32Array | Float64Array | readonly string[];

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
  for (let begin = 0; begin < rows; begin += PREDICTION_BLOCK) {
    const count = Math.min(PREDICTION_BLOCK, rows - begin);
    compiled.binarise(columns, begin, count);
    raw.set(compiled.addTrees(count), begin * model.outputs);
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
  const compiled = compiledOf(model);
  const { trees } = compiled;
  const leaves = new Uint32Array(rows * trees);
  for (let begin = 0; begin < rows; begin += PREDICTION_BLOCK) {
    const count = Math.min(PREDICTION_BLOCK, rows - begin);
    compiled.binarise(columns, begin, count);
    for (let row = 0; row < count; row++)
      for (let tree = 0; tree < trees; tree++)
        leaves[(begin + row) * trees + tree] = compiled.leafOf(tree, row);
  }
  return leaves;
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
