import { BORDER_SAMPLE, columnBorders } from "./borders.ts";
import { randomKey, uniformAt } from "./hash-random.ts";
import type { BoosterParams } from "./params.ts";

/** How a column is cut; features without a border tell nothing and are left out of the training. */
export interface BinnedFeature {
  /** position among the columns of the data set */
  column: number;
  borders: Float32Array;
  hasNans: boolean;
  /** bin of a missing value */
  nanBin: number;
}

/** Borders of every column; columns that are constant get none. */
export function binFeatures(
  columns: readonly Float32Array[],
  rows: number,
  params: BoosterParams,
): BinnedFeature[] {
  const sample = rows > BORDER_SAMPLE ? sampleOfRows(rows, BORDER_SAMPLE, randomKey(params.seed, -3)) : null;
  return columns.map((column, i) => {
    const { borders, hasNans } = columnBorders(column, params.borderCount, params.nanMode, sample);
    return { column: i, borders, hasNans, nanBin: hasNans && params.nanMode === "Max" ? borders.length : 0 };
  });
}

/** Bins of a column, into `bins`: how many borders lie below each value. */
export function binColumn(column: Float32Array, { borders, nanBin }: BinnedFeature, bins: Uint8Array): void {
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    bins[row] = !Number.isNaN(value) ? bordersBelow(borders, value) : nanBin;
  }
}

/** Number of borders that are strictly smaller than the value. */
export function bordersBelow(borders: Float32Array, value: number): number {
  let low = 0;
  let high = borders.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (borders[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Exactly `size` of the rows, each equally likely, ascending (Knuth, TAOCP 2, algorithm S). */
function sampleOfRows(rows: number, size: number, key: number): Uint32Array {
  const sample = new Uint32Array(size);
  let taken = 0;
  for (let row = 0; taken < size; row++)
    if (uniformAt(key, row) * (rows - row) < size - taken) sample[taken++] = row;
  return sample;
}
