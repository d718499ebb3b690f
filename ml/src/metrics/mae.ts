import { assertSameLength } from "@rossmann/core";

/**
 * Mean absolute error: mean |ŷ − y|.
 *
 * @param actual    observed sales in currency units, length n
 * @param predicted forecast in the same order, length n
 * @returns currency units, ≥ 0; NaN when n is 0 or any value is NaN
 * @throws {ShapeError} when the lengths differ
 */
export function mae(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += Math.abs(predicted[i] - actual[i]);
  return actual.length === 0 ? NaN : sum / actual.length;
}
