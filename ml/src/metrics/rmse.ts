import { assertSameLength } from "@rossmann/core";

/**
 * Root mean squared error: √ mean (ŷ − y)².
 *
 * @param actual    observed sales in currency units, length n
 * @param predicted forecast in the same order, length n
 * @returns currency units, ≥ 0; NaN when n is 0 or any value is NaN
 * @throws {ShapeError} when the lengths differ
 */
export function rmse(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += (predicted[i] - actual[i]) ** 2;
  return actual.length === 0 ? NaN : Math.sqrt(sum / actual.length);
}
