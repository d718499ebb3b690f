import { assertSameLength } from "@rossmann/core";

/** Days that sold less than this many currency units are left out: a percentage of nothing says nothing. */
const SMALLEST_SALES = 1;

/**
 * Mean absolute percentage error over days with |y| > 1: mean |ŷ − y| / |y|.
 *
 * @param actual    observed sales, length n
 * @param predicted forecast in the same order, length n
 * @returns ratio ≥ 0; NaN when no day qualifies or any used value is NaN
 * @throws {ShapeError} when the lengths differ
 */
export function mapeNonzero(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Math.abs(actual[i]) <= SMALLEST_SALES) continue;
    sum += Math.abs(predicted[i] - actual[i]) / Math.abs(actual[i]);
    count++;
  }
  return count === 0 ? NaN : sum / count;
}
