import { assertSameLength } from "@rossmann/core";

/**
 * Root mean squared percentage error: √ mean(((y − ŷ) / y)²) over days with y > 0.
 *
 * @param actual    observed sales, length n
 * @param predicted forecast in the same order, length n
 * @returns ratio ≥ 0; NaN when no actual is above 0 or any used value is NaN
 * @throws {ShapeError} when the lengths differ
 *
 * Source: evaluation rule of the Rossmann Store Sales competition (2015).
 */
export function rmspe(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] <= 0) continue;
    const ratio = (actual[i] - predicted[i]) / actual[i];
    sum += ratio * ratio;
    count++;
  }
  return count === 0 ? NaN : Math.sqrt(sum / count);
}
