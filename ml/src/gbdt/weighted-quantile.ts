/** Errors below this count as none, for losses with a corner at 0. */
export const CORNER = 1e-6;

/**
 * The quantile that Exact leaves take: the first value whose cumulative weight reaches `level` of the total, moved by `move`
 * towards the side that the corner of the loss asks for.
 *
 * @param values  reordered by this call; empty gives 0
 * @param weights belong to `values`, reordered with them; null means 1
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | null,
  level: number,
  move: number = CORNER,
): number {
  if (values.length === 0) return 0;
  let total = values.length;
  if (weights !== null) {
    total = 0;
    for (const weight of weights) total += weight;
  }
  const wanted = level * total;
  // Quickselect on cumulative weight: below [0, low) is `before`, everything from `high` on is too large.
  let low = 0;
  let high = values.length;
  let before = 0;
  for (;;) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high - 1]);
    let less = low;
    let more = high;
    let lessWeight = 0;
    let equalWeight = 0;
    for (let i = low; i < more; ) {
      const value = values[i];
      const weight = weights === null ? 1 : weights[i];
      if (value < pivot) {
        lessWeight += weight;
        swap(values, weights, less++, i++);
      } else if (value > pivot) swap(values, weights, --more, i);
      else {
        equalWeight += weight;
        i++;
      }
    }
    if (less > low && before + lessWeight >= wanted) high = less;
    else if (before + lessWeight + equalWeight >= wanted || more === high) {
      const isAbove = before + lessWeight + level * equalWeight >= wanted;
      return isAbove ? pivot - move : pivot + move;
    } else {
      before += lessWeight + equalWeight;
      low = more;
    }
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(values: Float64Array, weights: Float64Array | null, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
  if (weights === null) return;
  const weight = weights[i];
  weights[i] = weights[j];
  weights[j] = weight;
}
