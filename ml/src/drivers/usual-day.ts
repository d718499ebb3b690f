/** What a store's usual day is made of: its level, the weekday, and the promotion. */
import type { DayNumber } from "@rossmann/core";
import { GROUPS, groupOf } from "../baselines/store-weekday-promo-median.ts";
import { LEVEL, PROMOTION, WEEKDAY } from "./driver-groups.ts";

const SUNDAY_PLACE = 6;

/**
 * Adds weight · log of the usual day, cause by cause, to out[at …]; what is added sums up to weight · log.
 *
 * @param medians  log sales of a store by {@link groupOf}, finite
 * @param monday   place in the week (day index modulo 7) that is a Monday
 * @param t        day index
 */
export function addUsualDay(
  medians: Float64Array,
  monday: number,
  t: number,
  promo: number,
  weight: number,
  out: Float64Array,
  at: number,
): void {
  let level = 0;
  for (let place = 0; place < SUNDAY_PLACE; place++)
    level += medians[groupOf(monday + place, 0)] / SUNDAY_PLACE;
  const ordinary = medians[groupOf(t, 0)];
  out[at + LEVEL] += weight * level;
  out[at + WEEKDAY] += weight * (ordinary - level);
  if (promo === 1) out[at + PROMOTION] += weight * (medians[groupOf(t, 1)] - ordinary);
}

/** The medians of a store, the chain's where it has none. */
export function mediansOf(values: Float64Array, chain: Float64Array, row: number): Float64Array {
  const own = row < 0 ? chain : values.subarray(row * GROUPS, (row + 1) * GROUPS);
  return own.some(Number.isNaN)
    ? own.map((value, group) => (Number.isNaN(value) ? chain[group] : value))
    : own;
}

/** Place in the week (day index modulo 7) of a panel's Mondays. 1970-01-01, day 0, was a Thursday. */
export const mondayOf = (firstDay: DayNumber): number => (((4 - firstDay) % 7) + 7) % 7;
