/** The coming days of one store, as they are answered. */
import { type IsoDate, isoDate } from "@rossmann/core";
import type { Drivers } from "../drivers/driver-groups.ts";
import { forecastDrivers } from "../drivers/forecast-drivers.ts";
import { intervalBounds } from "../intervals/conformal.ts";
import { Basis, originOf, type Panel } from "../panel.ts";
import { type Bench, pointsOf, type ReadyBench, scaleOf } from "./bench.ts";

export type StateHolidayCode = "0" | "a" | "b" | "c";

const HOLIDAY_CODES: readonly StateHolidayCode[] = ["0", "a", "b", "c"];
const WIDE_LEVEL = 0.95;
/** Records hold one level, so that their coverage can be compared. */
export const KEPT_LEVEL = 0.8;

/** One coming day of a store, as forecasts see it. */
export interface CalendarDay {
  date: IsoDate;
  open: 0 | 1;
  promo: 0 | 1;
  stateHoliday: StateHolidayCode;
  schoolHoliday: 0 | 1;
  /** the day's calendar was known in advance; false: projected from the past */
  known: boolean;
}

/** One day of one store. Sales in currency units. */
export interface ForecastPoint extends CalendarDay {
  predictedSales: number;
  /** bounds at the level that was asked for; lower ≤ predicted ≤ upper, all exactly 0 on closed days */
  lower: number;
  upper: number;
  lower80: number;
  upper80: number;
  lower95: number;
  upper95: number;
  /** what the forecast is made of, adding up to it; null on closed days, absent unless asked for */
  drivers?: Drivers | null;
}

/** @param k days after the first coming day, from 0 */
export function calendarDay(panel: Panel, store: number, k: number): CalendarDay {
  const cell = store * panel.calendarDays + panel.historyDays + k;
  return {
    date: isoDate(originOf(panel) + 1 + k),
    open: panel.open[cell] as 0 | 1,
    promo: panel.promo[cell] as 0 | 1,
    stateHoliday: HOLIDAY_CODES[panel.stateHoliday[cell]],
    schoolHoliday: panel.schoolHoliday[cell] as 0 | 1,
    known: panel.basis[cell] === Basis.known,
  };
}

export function storePoints(
  bench: ReadyBench,
  store: number,
  horizon: number,
  level: number,
  hasDrivers = false,
): ForecastPoint[] {
  const stores = Int32Array.of(store);
  const points = pointsOf(bench, stores, horizon);
  const drivers = hasDrivers
    ? forecastDrivers(bench.trained, bench.panel, stores, horizon, points, bench.views)
    : null;
  const asked = boundsOf(bench, store, points, level);
  const kept = boundsOf(bench, store, points, KEPT_LEVEL);
  const wide = boundsOf(bench, store, points, WIDE_LEVEL);
  return Array.from({ length: horizon }, (_, k) => ({
    ...calendarDay(bench.panel, store, k),
    predictedSales: points[k],
    lower: asked.lower[k],
    upper: asked.upper[k],
    lower80: kept.lower[k],
    upper80: kept.upper[k],
    lower95: wide.lower[k],
    upper95: wide.upper[k],
    ...(drivers === null ? {} : { drivers: drivers[k] }),
  }));
}

/**
 * The interval of every day of one store: wider where the calendar is projected.
 *
 * @param points forecast of days 1 … H
 * @param panel  what tells which days are known, default the bench's
 */
export function boundsOf(
  bench: Pick<Bench, "panel" | "trained" | "trainedRow">,
  store: number,
  points: Float64Array,
  level: number,
  panel: Panel = bench.panel,
): { lower: Float64Array; upper: Float64Array } {
  const from = store * panel.calendarDays + panel.historyDays;
  const isProjected = Array.from(points, (_, k) => panel.basis[from + k] === Basis.projected);
  const lower = new Float64Array(points.length);
  const upper = new Float64Array(points.length);
  intervalBounds(bench.trained.intervals, points, scaleOf(bench, store), level, lower, upper, isProjected);
  return { lower, upper };
}
