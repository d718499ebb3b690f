import { combinationKey } from "./cat-hash.ts";
import { categoryHashes } from "./category-column.ts";
import type { Ctr, CtrTable, ObliviousModel } from "./model.ts";
import type { ColumnValues } from "./predictor.ts";

/**
 * Target statistics of rows [begin, begin + count) as the model's splits compare them:
 * ((good + prior) / (total + prior denominator) + shift) · scale, in single precision as the official library computes it.
 * A combination that the table does not know counts as never seen.
 */
export function ctrValues(
  model: ObliviousModel,
  ctr: Ctr,
  columns: readonly ColumnValues[],
  begin: number,
  count: number,
): Float32Array {
  const table = model.ctrTables.get(ctr.identifier) as CtrTable;
  const categories: Int32Array[] = [];
  const conditions: ((row: number) => boolean)[] = [];
  for (const element of ctr.elements) {
    if (element.kind === "category")
      categories.push(
        categoryHashes(columns[model.categoricalFeatures[element.categoricalIndex].flatIndex], begin, count),
      );
    else if (element.kind === "exact") {
      const hashes = categoryHashes(
        columns[model.categoricalFeatures[element.categoricalIndex].flatIndex],
        begin,
        count,
      );
      conditions.push((row) => hashes[row] === element.value);
    } else {
      const { flatIndex, nanTreatment } = model.floatFeatures[element.floatIndex];
      const values = columns[flatIndex] as Float32Array | Float64Array;
      conditions.push((row) => {
        const value = Math.fround(values[begin + row]);
        return Number.isNaN(value) ? nanTreatment === "AsTrue" : value > element.border;
      });
    }
  }
  const values = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const key = combinationKey(
      categories.map((hashes) => hashes[row]),
      conditions.map((passes) => passes(row)),
    );
    const [good, total] = goodAndTotal(ctr, table, table.rows.get(key));
    const ratio = Math.fround(
      Math.fround(good + ctr.priorNumerator) / Math.fround(total + ctr.priorDenominator),
    );
    values[row] = Math.fround(Math.fround(ratio + ctr.shift) * ctr.scale);
  }
  return values;
}

function goodAndTotal(
  ctr: Ctr,
  { counts, classes, counterDenominator }: CtrTable,
  row: number | undefined,
): [number, number] {
  if (ctr.type === "Counter") return [row === undefined ? 0 : counts[row], counterDenominator];
  if (row === undefined) return [0, 0];
  let total = 0;
  let good = 0;
  for (let k = 0; k < classes; k++) {
    const count = counts[row * classes + k];
    total += count;
    const isGood = ctr.type === "Buckets" ? k === ctr.targetBorderIndex : k > ctr.targetBorderIndex;
    if (isGood) good += count;
  }
  return [good, total];
}
