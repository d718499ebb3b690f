/**
 * Median of the first `count` values. Reorders them.
 *
 * @returns the middle value, or the mean of the two middle ones; NaN when `count` is 0
 */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const sorted = values.subarray(0, count).sort();
  const middle = count >> 1;
  return count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
