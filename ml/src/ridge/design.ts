/**
 * The columns of the hierarchical ridge: what a store-day looks like to it. A row has about a dozen non-zero columns of
 * {@link COLUMN_COUNT}, so rows are written as (column, value) pairs in ascending order of columns.
 */
import { calendarParts, type DayNumber, dayNumber, easterSunday, weekday } from "@rossmann/core";
import type { Panel } from "../panel.ts";

const WEEKDAYS = 7;
const FOURIER_PAIRS = 3;
const MONTH_BINS = 10;
const EASTER_BINS = 6;
const CHRISTMAS_BINS = 11;

export const INTERCEPT = 0;
export const TREND = 1;
export const WEEKDAY = 2;
export const PROMO = WEEKDAY + WEEKDAYS;
export const FOURIER = PROMO + WEEKDAYS;
export const MONTH = FOURIER + 2 * FOURIER_PAIRS;
export const EASTER = MONTH + MONTH_BINS;
const CHRISTMAS = EASTER + EASTER_BINS;
export const NO_PROMO_FORTNIGHT = CHRISTMAS + CHRISTMAS_BINS;
const SCHOOL = NO_PROMO_FORTNIGHT + 1;
const SCHOOL_SUMMER = SCHOOL + 1;
export const CLOSED_YESTERDAY = SCHOOL_SUMMER + 1;
const CLOSED_TOMORROW = CLOSED_YESTERDAY + 1;
const CLOSED_TWO_DAYS_AGO = CLOSED_TOMORROW + 1;
export const STATE_HOLIDAY = CLOSED_TWO_DAYS_AGO + 1;
const CLOSED_FORTNIGHT = STATE_HOLIDAY + 1;
export const COLUMN_COUNT = CLOSED_FORTNIGHT + 1;

const DAYS_PER_YEAR = 365.25;
const FORTNIGHT_DAYS = 14;

/** Bin of the place in the month: first and last days fine, the middle coarse. */
function monthBin(dayOfMonth: number, daysInMonth: number): number {
  const toEnd = daysInMonth - dayOfMonth;
  if (toEnd === 0) return 9;
  if (toEnd === 1) return 8;
  if (toEnd === 2) return 7;
  if (toEnd <= 4) return 6;
  if (dayOfMonth === 1) return 0;
  if (dayOfMonth === 2) return 1;
  if (dayOfMonth === 3) return 2;
  if (dayOfMonth <= 7) return 3;
  if (dayOfMonth <= 15) return 4;
  return 5;
}

/** Bin of the distance to Easter Sunday, −1 when far from it. */
function easterBin(fromEaster: number): number {
  if (fromEaster >= -14 && fromEaster <= -8) return 0;
  if (fromEaster >= -7 && fromEaster <= -4) return 1;
  if (fromEaster === -3) return 2;
  if (fromEaster >= -2 && fromEaster <= 1) return 3;
  if (fromEaster >= 2 && fromEaster <= 7) return 4;
  if (fromEaster >= 8 && fromEaster <= 14) return 5;
  return -1;
}

/** Bin of the distance to 25 December (before: negative), −1 when far from it. */
function christmasBin(day: DayNumber): number {
  const { year, month } = calendarParts(day);
  const christmas = dayNumber(month === 1 ? year - 1 : year, 12, 25)!;
  const from = day - christmas;
  if (from < -30) return -1;
  if (from < -22) return 0;
  if (from < -15) return 1;
  if (from < -8) return 2;
  if (from < -4) return 3;
  if (from < -2) return 4;
  if (from === -2) return 5;
  if (from === -1) return 6;
  if (from <= 5) return 7;
  if (from === 6) return 8;
  if (from <= 10) return 9;
  if (from <= 13) return 10;
  return -1;
}

export interface Design {
  /**
   * Write the non-zero columns of a store-day.
   *
   * @param columns written, ascending; at least {@link COLUMN_COUNT} long
   * @param values  written, same order
   * @returns how many were written
   */
  row(store: number, t: number, columns: Int32Array, values: Float64Array): number;
}

/** @param trendZero the day on which the trend column is 0 */
export function createDesign(panel: Panel, trendZero: DayNumber): Design {
  const days = dayColumns(panel);
  const { calendarDays, promo, schoolHoliday, stateHoliday, open } = panel;

  return {
    row(store, t, columns, values) {
      let count = 0;
      const put = (column: number, value: number) => {
        columns[count] = column;
        values[count++] = value;
      };
      const cell = store * calendarDays + t;
      const first = store * calendarDays;
      const place = days.weekday[t];
      put(INTERCEPT, 1);
      put(TREND, (panel.firstDay + t - trendZero) / DAYS_PER_YEAR);
      put(WEEKDAY + place, 1);
      if (promo[cell] === 1) put(PROMO + place, 1);
      for (let k = 0; k < 2 * FOURIER_PAIRS; k++) put(FOURIER + k, days.fourier[t * 2 * FOURIER_PAIRS + k]);
      put(MONTH + days.month[t], 1);
      if (days.easter[t] >= 0) put(EASTER + days.easter[t], 1);
      if (days.christmas[t] >= 0) put(CHRISTMAS + days.christmas[t], 1);
      // From Monday of the week before to Sunday of this one.
      const fortnight = Math.max(first, cell - place - 7);
      let promoDays = 0;
      for (let c = fortnight; c < Math.min(fortnight + FORTNIGHT_DAYS, first + calendarDays); c++) {
        promoDays += promo[c];
      }
      if (promoDays === 0) put(NO_PROMO_FORTNIGHT, 1);
      if (schoolHoliday[cell] === 1) {
        put(SCHOOL, 1);
        if (days.isSummer[t] === 1) put(SCHOOL_SUMMER, 1);
      }
      if (t >= 1 && open[cell - 1] === 0) put(CLOSED_YESTERDAY, 1);
      if (t + 1 < calendarDays && open[cell + 1] === 0) put(CLOSED_TOMORROW, 1);
      if (t >= 2 && open[cell - 2] === 0) put(CLOSED_TWO_DAYS_AGO, 1);
      if (stateHoliday[cell] !== 0) put(STATE_HOLIDAY, 1);
      let closed = 0;
      for (let c = Math.max(first, cell - FORTNIGHT_DAYS); c < cell; c++) closed += open[c] === 0 ? 1 : 0;
      if (closed > 0) put(CLOSED_FORTNIGHT, closed / FORTNIGHT_DAYS);
      return count;
    },
  };
}

interface DayColumns {
  /** 0 = Monday … 6 = Sunday */
  weekday: Uint8Array;
  month: Uint8Array;
  easter: Int8Array;
  christmas: Int8Array;
  isSummer: Uint8Array;
  /** days x 2 FOURIER_PAIRS: sine and cosine of 1, 2, 3 rounds a year */
  fourier: Float64Array;
}

/** What is the same for every store, per day of the panel. */
function dayColumns(panel: Panel): DayColumns {
  const length = panel.calendarDays;
  const columns: DayColumns = {
    weekday: new Uint8Array(length),
    month: new Uint8Array(length),
    easter: new Int8Array(length),
    christmas: new Int8Array(length),
    isSummer: new Uint8Array(length),
    fourier: new Float64Array(length * 2 * FOURIER_PAIRS),
  };
  for (let t = 0; t < length; t++) {
    const day = panel.firstDay + t;
    const parts = calendarParts(day);
    columns.weekday[t] = weekday(day) - 1;
    columns.month[t] = monthBin(parts.dayOfMonth, parts.daysInMonth);
    columns.easter[t] = easterBin(day - easterSunday(parts.year));
    columns.christmas[t] = christmasBin(day);
    columns.isSummer[t] = parts.month >= 6 && parts.month <= 9 ? 1 : 0;
    for (let k = 0; k < FOURIER_PAIRS; k++) {
      const angle = (2 * Math.PI * (k + 1) * parts.dayOfYear) / DAYS_PER_YEAR;
      columns.fourier[(t * FOURIER_PAIRS + k) * 2] = Math.sin(angle);
      columns.fourier[(t * FOURIER_PAIRS + k) * 2 + 1] = Math.cos(angle);
    }
  }
  return columns;
}
