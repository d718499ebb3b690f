import { assertSameLength } from "@rossmann/core";

/**
 * Relative bias of the total: Σ(ŷ − y) / Σ|y|. Positive is over-forecast.
 *
 * @param actual    observed sales, length n
 * @param predicted forecast in the same order, length n
 * @returns ratio (0.02 reads "2 % too high"); NaN when every actual is 0, when n is 0, or when any value is NaN
 * @throws {ShapeError} when the lengths differ
 */
export function bias(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let error = 0;
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    error += predicted[i] - actual[i];
    total += Math.abs(actual[i]);
  }
  return total === 0 ? NaN : error / total;
}
