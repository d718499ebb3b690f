import { assertSameLength } from "@rossmann/core";

/** Keeps a day on which both sides are 0 at an error of 0. */
const SMALLEST_SUM = 1e-8;

/**
 * Symmetric mean absolute percentage error: mean of 2|ŷ − y| / (|y| + |ŷ|).
 *
 * @param actual    observed sales, length n
 * @param predicted forecast in the same order, length n
 * @returns ratio from 0 to 2; NaN when n is 0 or any value is NaN
 * @throws {ShapeError} when the lengths differ
 */
export function smape(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const size = Math.abs(actual[i]) + Math.abs(predicted[i]);
    sum += (2 * Math.abs(predicted[i] - actual[i])) / Math.max(size, SMALLEST_SUM);
  }
  return actual.length === 0 ? NaN : sum / actual.length;
}
