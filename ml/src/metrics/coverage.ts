import { assertSameLength } from "@rossmann/core";

/**
 * Share of days that fell inside of their interval, bounds included.
 *
 * @param actual observed sales, length n
 * @param lower  lower bounds in the same order, length n
 * @param upper  upper bounds in the same order, length n
 * @returns 0–1; NaN when n is 0
 * @throws {ShapeError} when the lengths differ
 */
export function coverage(actual: Float64Array, lower: Float64Array, upper: Float64Array): number {
  assertSameLength(actual, lower);
  assertSameLength(actual, upper);
  let inside = 0;
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] >= lower[i] && actual[i] <= upper[i]) inside++;
  }
  return actual.length === 0 ? NaN : inside / actual.length;
}
