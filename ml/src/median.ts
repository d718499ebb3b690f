/**
 * Median of the first `count` values. Reorders them.
 *
 * @returns the middle value, or the mean of the two middle ones; NaN when `count` is 0
 */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const middle = count >> 1;
  const upper = selectInPlace(values, count, middle);
  if (count % 2 === 1) return upper;
  // Everything before the middle is not above it: the lower middle is the largest of those.
  let lower = values[0];
  for (let i = 1; i < middle; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

/**
 * The `k`-th smallest (from 0) of the first `count` values, none of them NaN. Reorders them so that values before place
 * `k` are not above it and those behind it not below. Linear on average; groups of a store-weekday are far too small
 * for the overhead of a typed array's own sort.
 *
 * Source: Hoare (1961), "Algorithm 65: find", CACM 4.
 */
export function selectInPlace(values: Float64Array, count: number, k: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const kept = values[i];
      values[i++] = values[j];
      values[j--] = kept;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}
