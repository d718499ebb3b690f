/** Distances and counts on a row of daily flags, never looking outside of it. */

/** Farthest distance that is told apart. */
export const FAR_DAYS = 21;

/**
 * Days since the last flag other than 0 before day `t`.
 *
 * @param flags one row after the other
 * @param row   where the store's row begins
 * @returns 1 … `cap`
 */
export function daysSince(flags: Uint8Array, row: number, t: number, cap = FAR_DAYS): number {
  for (let back = 1; back < cap; back++) {
    if (t - back < 0) break;
    if (flags[row + t - back] !== 0) return back;
  }
  return cap;
}

/** Days until the next flag other than 0 after day `t`: 1 … `cap`. `length` is the row's length. */
export function daysUntil(flags: Uint8Array, row: number, t: number, length: number, cap = FAR_DAYS): number {
  for (let ahead = 1; ahead < cap; ahead++) {
    if (t + ahead >= length) break;
    if (flags[row + t + ahead] !== 0) return ahead;
  }
  return cap;
}

/** Number of flags other than 0 on the days `first` … `last`, both included, as far as the row reaches. */
export function countFlags(
  flags: Uint8Array,
  row: number,
  first: number,
  last: number,
  length: number,
): number {
  let count = 0;
  for (let t = Math.max(0, first); t <= Math.min(last, length - 1); t++) if (flags[row + t] !== 0) count++;
  return count;
}
