import { TrainingInputError } from "./errors.ts";
import type { LossFunction } from "./loss.ts";
import type { BoosterParams } from "./params.ts";

/** What a model is trained on; nothing of it is changed. */
export interface BoosterDataset {
  /** one array per feature, all of one length; NaN = missing */
  columns: readonly Float32Array[];
  /** one name per column, no two alike */
  names: readonly string[];
  /** one finite number per row; held in single precision, as the official library does */
  target: Float64Array;
  /** one finite number ≥ 0 per row; left out, every row weighs 1 */
  weight?: Float64Array;
  /** rows to measure on after every tree, with the same columns */
  evalSet?: EvalSet;
}

export interface EvalSet {
  columns: readonly Float32Array[];
  target: Float64Array;
  weight?: Float64Array;
}

/**
 * @throws {TrainingInputError} naming the column, the row (counted from 0) and the value that cannot be used
 */
export function requireUsable(dataset: BoosterDataset, params: BoosterParams, loss: LossFunction): void {
  const { columns, names, evalSet } = dataset;
  if (names.length !== columns.length)
    throw new TrainingInputError(
      `there must be one name per column, got ${names.length} names for ${columns.length} columns`,
    );
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new TrainingInputError(`column names must differ, got '${name}' twice`);
    seen.add(name);
  }
  for (const name of Object.keys(params.monotone))
    if (!seen.has(name)) throw new TrainingInputError(`monotone names '${name}', which is not a column`);
  requireRows("training set", dataset, names, params, loss);
  if (evalSet === undefined) return;
  if (evalSet.columns.length !== columns.length)
    throw new TrainingInputError(
      `the eval set must have the ${columns.length} columns of the training set, got ${evalSet.columns.length}`,
    );
  requireRows("eval set", evalSet, names, params, loss);
}

function requireRows(
  place: string,
  set: EvalSet,
  names: readonly string[],
  params: BoosterParams,
  loss: LossFunction,
): void {
  const rows = set.target.length;
  if (rows === 0) throw new TrainingInputError(`the ${place} has no rows; at least one is needed`);
  for (const [i, column] of set.columns.entries()) {
    if (column.length !== rows)
      throw new TrainingInputError(
        `the ${place} has ${rows} targets but column '${names[i]}' has ${column.length} values`,
      );
    for (let row = 0; row < rows; row++) {
      const value = column[row];
      // One test for the usual case: the difference is 0 unless the value is NaN or infinite.
      if (value - value === 0) continue;
      if (!Number.isNaN(value))
        throw new TrainingInputError(
          `column '${names[i]}' of the ${place} is ${value} at row ${row}; use NaN for missing values`,
        );
      if (params.nanMode === "Forbidden")
        throw new TrainingInputError(
          `column '${names[i]}' of the ${place} is missing at row ${row}, and nanMode is Forbidden`,
        );
    }
  }
  for (let row = 0; row < rows; row++) {
    const target = set.target[row];
    if (!Number.isFinite(Math.fround(target)))
      throw new TrainingInputError(
        `the target of the ${place} is ${target} at row ${row}; leave rows without a finite target out`,
      );
    const refusal = loss.refuse(target);
    if (refusal !== null)
      throw new TrainingInputError(`the target of the ${place} at row ${row} ${refusal}, got ${target}`);
  }
  if (set.weight === undefined) return;
  if (set.weight.length !== rows)
    throw new TrainingInputError(`the ${place} has ${rows} targets but ${set.weight.length} weights`);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = set.weight[row];
    if (!(Number.isFinite(weight) && weight >= 0))
      throw new TrainingInputError(
        `the weight of the ${place} is ${weight} at row ${row}; it must be a finite number ≥ 0`,
      );
    total += weight;
  }
  if (total === 0) throw new TrainingInputError(`all weights of the ${place} are 0`);
}
