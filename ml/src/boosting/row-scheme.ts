/**
 * Which origin shows a boosting model a store-day. Origins lie a week apart, counted back from the panel's own origin F,
 * so that a forecast meets the same weekdays ahead as the training did. Every store-day is used once per scheme.
 *
 * - *stagger*, 1–42 days ahead: of the six origins that see the day within 42 days a hash picks one. The model learns all
 *   distances at once, from features as fresh as each distance allows.
 * - *month ahead*, 1–42: seen from the origin 36 to 42 days before it. At forecast time six origins F − 35 … F are put
 *   together, so that every target day is again 36 to 42 days ahead.
 * - *far*, 43–180: of the nineteen origins 43 to 175 days before the day a hash picks one. Every other origin knows the
 *   calendar of the coming 42 days alone and projects the rest, as a planner's does who knows no promotion later than
 *   that: the model learns what a projected day is worth.
 */
import { LONGEST_HORIZON, type Panel } from "../panel.ts";

export type RowScheme = "stagger" | "month_ahead" | "far";

/** Days ahead, first and last included. */
export interface Reach {
  from: number;
  to: number;
}

export const ROW_HORIZON = 42;
export const NEAR: Reach = { from: 1, to: ROW_HORIZON };
export const FAR: Reach = { from: ROW_HORIZON + 1, to: LONGEST_HORIZON };

/** The days ahead a scheme answers for. */
export const reachOf = (scheme: RowScheme): Reach => (scheme === "far" ? FAR : NEAR);

const WEEK_DAYS = 7;
/** Statistics of the first weeks of a history say little. */
const LEAST_HISTORY_DAYS = 90;
const NEAR_ORIGINS = ROW_HORIZON / WEEK_DAYS;
const FAR_ORIGINS = Math.floor((LONGEST_HORIZON - ROW_HORIZON) / WEEK_DAYS);

/** Picks one of `choices` for a store-day, evenly and for ever the same. */
export function pickOf(choices: number, storeId: number, day: number): number {
  let x = Math.imul(storeId, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) % choices;
}

/** End (first day index after the origin) of the origin from which a scheme sees a target day; −1 when there is none. */
export function endFor(panel: Panel, scheme: RowScheme, store: number, t: number): number {
  const phase = panel.historyDays % WEEK_DAYS;
  // Latest weekly end that is not after t.
  const latest = t - ((((t - phase) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
  const end = latest - weeksBack(panel, scheme, store, t, latest) * WEEK_DAYS;
  return end < LEAST_HISTORY_DAYS ? -1 : end;
}

function weeksBack(panel: Panel, scheme: RowScheme, store: number, t: number, latest: number): number {
  if (scheme === "month_ahead") return NEAR_ORIGINS - 1;
  const [storeId, day] = [panel.storeIds[store], panel.firstDay + t];
  if (scheme === "stagger") return pickOf(NEAR_ORIGINS, storeId, day);
  // Early days are seen from as many of the nineteen as the history has.
  const origins = Math.floor((latest - LEAST_HISTORY_DAYS) / WEEK_DAYS) - NEAR_ORIGINS + 1;
  return NEAR_ORIGINS + pickOf(Math.max(1, Math.min(FAR_ORIGINS, origins)), storeId, day);
}

/** Coming days whose calendar a training row of the scheme knows at the origin that ends before day index `end`. */
export function knownDaysOf(panel: Panel, scheme: RowScheme, end: number): number {
  if (scheme !== "far") return ROW_HORIZON;
  return Math.floor((panel.firstDay + end) / WEEK_DAYS) % 2 === 0 ? LONGEST_HORIZON : ROW_HORIZON;
}
