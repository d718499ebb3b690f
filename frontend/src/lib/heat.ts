/**
 * Where values lie between the smallest and the largest of them, 0 to 1, for the tint behind a figure.
 * All the same: 0.5 each, since there is no difference to show. Missing values stay missing.
 */
export function heatShares(values: readonly (number | null)[]): (number | null)[] {
  const there = values.filter((value) => value !== null);
  const low = Math.min(...there);
  const high = Math.max(...there);
  return values.map((value) => (value === null ? null : high === low ? 0.5 : (value - low) / (high - low)));
}
