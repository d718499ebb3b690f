/** Σ w·value(y) / Σ w; `weight` null means 1. NaN for empty input. */
export function weightedMean(
  target: Float64Array,
  weight: Float64Array | null,
  value: (target: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const w = weight === null ? 1 : weight[i];
    sum += w * value(target[i]);
    total += w;
  }
  return sum / total;
}
