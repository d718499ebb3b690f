/**
 * Days on which a scenario asks for what history has not seen, so that the model's answer is a guess: a promotion on a
 * weekday that never had one, an opening on a weekday on which the store was always closed, a promotion that runs longer
 * than any before, a school holiday in a month that has none, more sales than any day ever had.
 */
import { calendarParts, weekday } from "@rossmann/core";
import { Basis, type Panel } from "../panel.ts";
import { differs } from "./plan-calendar.ts";

/** So many days of a kind count as seen. */
const SEEN_DAYS = 5;

export type Extrapolation =
  | "promo_on_weekday"
  | "no_promo_on_weekday"
  | "open_on_weekday"
  | "open_on_state_holiday"
  | "long_promotion"
  | "school_holiday_in_month"
  | "beyond_largest_day";

/**
 * Why single days of a store leave what its history has seen; only days that the scenario changes are looked at.
 *
 * @returns one list per day ahead, empty where nothing is new
 */
export function extrapolationsOf(
  base: Panel,
  changed: Panel,
  store: number,
  horizon: number,
): Extrapolation[][] {
  const seen = historyOf(base, store);
  const row = store * base.calendarDays;
  let run = 0;
  // The run of promotion days that reaches into the horizon counts too.
  for (let t = base.historyDays - 1; t >= 0; t--) {
    if (base.open[row + t] !== 1) continue;
    if (base.promo[row + t] !== 1) break;
    run++;
  }
  return Array.from({ length: horizon }, (_, k) => {
    const t = base.historyDays + k;
    const cell = row + t;
    if (changed.open[cell] !== 1) return [];
    const hasPromo = changed.promo[cell] === 1;
    run = hasPromo ? run + 1 : 0;
    const isLong = hasPromo && run > seen.longestPromotion;
    if (!differs(base, changed, cell)) return [];
    const day = base.firstDay + t;
    const place = weekday(day) - 1;
    const reasons: Extrapolation[] = [];
    const wasOpen = seen.openDays[place] >= SEEN_DAYS;
    if (!wasOpen) reasons.push("open_on_weekday");
    if (wasOpen && hasPromo && seen.promoDays[place] < SEEN_DAYS) reasons.push("promo_on_weekday");
    if (wasOpen && !hasPromo && seen.openDays[place] - seen.promoDays[place] < SEEN_DAYS) {
      reasons.push("no_promo_on_weekday");
    }
    if (changed.stateHoliday[cell] !== 0 && seen.openHolidays < SEEN_DAYS) {
      reasons.push("open_on_state_holiday");
    }
    if (isLong && base.promo[cell] !== 1) reasons.push("long_promotion");
    const month = calendarParts(day).month - 1;
    if (changed.schoolHoliday[cell] === 1 && seen.schoolDays[month] < SEEN_DAYS) {
      reasons.push("school_holiday_in_month");
    }
    return reasons;
  });
}

/** The most a store ever sold on a day; 0 when it never sold anything. */
export function largestDayOf(panel: Panel, store: number): number {
  let largest = 0;
  for (let t = 0; t < panel.historyDays; t++) {
    const sales = panel.sales[store * panel.historyDays + t];
    if (sales > largest) largest = sales;
  }
  return largest;
}

interface Seen {
  /** per weekday, Monday first: open days with sales, and those of them with a promotion */
  openDays: Int32Array;
  promoDays: Int32Array;
  openHolidays: number;
  /** per month: open days in school holidays */
  schoolDays: Int32Array;
  /** open days in a row with a promotion, at most */
  longestPromotion: number;
}

function historyOf(panel: Panel, store: number): Seen {
  const seen: Seen = {
    openDays: new Int32Array(7),
    promoDays: new Int32Array(7),
    openHolidays: 0,
    schoolDays: new Int32Array(12),
    longestPromotion: 0,
  };
  let run = 0;
  for (let t = 0; t < panel.historyDays; t++) {
    const cell = store * panel.calendarDays + t;
    if (panel.basis[cell] !== Basis.observed || panel.open[cell] !== 1) continue;
    const day = panel.firstDay + t;
    const place = weekday(day) - 1;
    seen.openDays[place]++;
    if (panel.stateHoliday[cell] !== 0) seen.openHolidays++;
    if (panel.schoolHoliday[cell] === 1) seen.schoolDays[calendarParts(day).month - 1]++;
    if (panel.promo[cell] === 1) {
      seen.promoDays[place]++;
      run++;
      seen.longestPromotion = Math.max(seen.longestPromotion, run);
    } else run = 0;
  }
  return seen;
}
