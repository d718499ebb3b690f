/**
 * Values summed over blocks of seven days that are counted back from the end, so that the last block is whole; an
 * incomplete first block is left out. Fewer than 21 values come back as they are: a line of one or two blocks has no shape.
 */
export function weekly(values: readonly number[]): number[] {
  const DAYS = 7;
  if (values.length < 3 * DAYS) return [...values];
  const blocks: number[] = [];
  for (let end = values.length; end - DAYS >= 0; end -= DAYS) {
    let total = 0;
    for (let i = end - DAYS; i < end; i++) total += values[i] ?? Number.NaN;
    blocks.unshift(total);
  }
  return blocks;
}

/** `a[i] / b[i]`; NaN where there is nothing to divide by. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => {
    const divisor = b[i] ?? 0;
    return divisor === 0 ? Number.NaN : value / divisor;
  });
}
