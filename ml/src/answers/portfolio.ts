/** What several stores sell together: by day, by week, by store type and in all, with intervals that know that errors are shared. */
import { type IsoDate, isoDate } from "@rossmann/core";
import { NothingToForecastError } from "../errors.ts";
import { calendarWeeks, type Week } from "../intervals/calendar-weeks.ts";
import { type TotalBounds, totalBounds } from "../intervals/totals.ts";
import { Basis, originOf } from "../panel.ts";
import { pointsOf, type ReadyBench } from "./bench.ts";
import { type StoreFailure, sortOut } from "./forecastable.ts";
import { boundsOf, KEPT_LEVEL } from "./store-points.ts";

const WIDE_LEVEL = 0.95;

/** The total of several stores on one day. */
export interface ChainPoint {
  date: IsoDate;
  predictedSales: number;
  lower: number;
  upper: number;
  lower95: number;
  upper95: number;
  openStores: number;
  promoStores: number;
  /** every open store's calendar was known in advance */
  known: boolean;
}

/** A calendar week, Monday to Sunday, cut off at the ends of the horizon. */
export interface PortfolioWeek extends TotalBounds {
  dateFrom: IsoDate;
  dateTo: IsoDate;
}

export interface StoreTotal extends TotalBounds {
  storeId: number;
  storeType: string | null;
  peakDate: IsoDate | null;
  peakSales: number;
  /** mean of upper − lower of the single days */
  avgIntervalWidth: number;
  /** one per week */
  weeklySales: number[];
  days: StoreDay[];
}

/** One day of one store, as records keep it. */
export interface StoreDay {
  date: IsoDate;
  predictedSales: number;
  lower80: number;
  upper80: number;
  known: boolean;
}

export interface TypeTotal extends TotalBounds {
  storeType: string | null;
  stores: number;
}

export interface Portfolio extends TotalBounds {
  stores: StoreTotal[];
  failures: StoreFailure[];
  points: ChainPoint[];
  weeks: PortfolioWeek[];
  /** largest total first */
  byType: TypeTotal[];
}

/**
 * The portfolio of some stores. Stores that cannot be forecast are named beside the others.
 *
 * @throws {NothingToForecastError} when none is left
 */
export function portfolioOf(
  bench: ReadyBench,
  storeIds: readonly number[],
  horizon: number,
  level: number,
): Portfolio {
  const { able, failures } = sortOut(bench, storeIds);
  if (able.length === 0) throw new NothingToForecastError(storeIds.length, failures[0]?.detail ?? "");
  const indexes = Int32Array.from(able, (id) => bench.storeIndex.get(id)!);
  const points = pointsOf(bench, indexes, horizon);
  const weeks = calendarWeeks(originOf(bench.panel) + 1, horizon);
  const totals = totalsOf(bench, indexes, points, horizon);
  return {
    ...totals(1, horizon)(level),
    stores: able.map((storeId, i) => {
      const own = points.subarray(i * horizon, (i + 1) * horizon);
      return storeTotal(bench, storeId, own, weeks, level);
    }),
    failures,
    points: dayTotals(bench, indexes, points, horizon, level),
    weeks: weeks.map(({ from, to }) => ({
      dateFrom: isoDate(originOf(bench.panel) + from),
      dateTo: isoDate(originOf(bench.panel) + to),
      ...totals(from, to)(level),
    })),
    byType: typeTotals(bench, indexes, points, horizon, level),
  };
}

/** The sum of some stores over a stretch of days ahead, with bounds by level. @param points m x horizon, in the indexes' order */
export function totalsOf(bench: ReadyBench, indexes: Int32Array, points: Float64Array, horizon: number) {
  const rows = indexes.map((store) => bench.trainedRow[store]);
  return (from: number, to: number): ((level: number) => TotalBounds) =>
    totalBounds(bench.trained.paths, rows, points, horizon, { from, to });
}

/** Every day of the horizon, summed over the stores. */
export function dayTotals(
  bench: ReadyBench,
  indexes: Int32Array,
  points: Float64Array,
  horizon: number,
  level: number,
): ChainPoint[] {
  const { panel } = bench;
  const totals = totalsOf(bench, indexes, points, horizon);
  return Array.from({ length: horizon }, (_, k) => {
    const at = totals(k + 1, k + 1);
    const day = at(level);
    const wide = at(WIDE_LEVEL);
    const cells = Array.from(indexes, (store) => store * panel.calendarDays + panel.historyDays + k);
    const open = cells.filter((cell) => panel.open[cell] === 1);
    return {
      date: isoDate(originOf(panel) + 1 + k),
      predictedSales: day.total,
      lower: day.lower,
      upper: day.upper,
      lower95: wide.lower,
      upper95: wide.upper,
      openStores: open.length,
      promoStores: cells.filter((cell) => panel.promo[cell] === 1).length,
      known:
        cells.length > 0 &&
        (open.length > 0 ? open : cells).every((cell) => panel.basis[cell] === Basis.known),
    };
  });
}

function storeTotal(
  bench: ReadyBench,
  storeId: number,
  points: Float64Array,
  weeks: readonly Week[],
  level: number,
): StoreTotal {
  const store = bench.storeIndex.get(storeId)!;
  const { lower, upper } = boundsOf(bench, store, points, level);
  const kept = level === KEPT_LEVEL ? { lower, upper } : boundsOf(bench, store, points, KEPT_LEVEL);
  let peak = 0;
  let width = 0;
  for (let k = 0; k < points.length; k++) {
    if (points[k] > points[peak]) peak = k;
    width += upper[k] - lower[k];
  }
  return {
    storeId,
    storeType: bench.panel.stores.storeType[store],
    ...totalsOf(bench, Int32Array.of(store), points, points.length)(1, points.length)(level),
    peakDate: points[peak] > 0 ? isoDate(originOf(bench.panel) + 1 + peak) : null,
    peakSales: points[peak],
    avgIntervalWidth: width / points.length,
    weeklySales: weeks.map(({ from, to }) => sum(points.subarray(from - 1, to))),
    days: Array.from(points, (predictedSales, k) => ({
      date: isoDate(originOf(bench.panel) + 1 + k),
      predictedSales,
      lower80: kept.lower[k],
      upper80: kept.upper[k],
      known:
        bench.panel.basis[store * bench.panel.calendarDays + bench.panel.historyDays + k] === Basis.known,
    })),
  };
}

function typeTotals(
  bench: ReadyBench,
  indexes: Int32Array,
  points: Float64Array,
  horizon: number,
  level: number,
): TypeTotal[] {
  const types = bench.panel.stores.storeType;
  const members = new Map<string | null, number[]>();
  indexes.forEach((store, i) => {
    const list = members.get(types[store]);
    if (list === undefined) members.set(types[store], [i]);
    else list.push(i);
  });
  const totals = [...members].map(([storeType, places]) => {
    const own = new Float64Array(places.length * horizon);
    places.forEach((i, k) => {
      own.set(points.subarray(i * horizon, (i + 1) * horizon), k * horizon);
    });
    const stores = Int32Array.from(places, (i) => indexes[i]);
    return { storeType, stores: places.length, ...totalsOf(bench, stores, own, horizon)(1, horizon)(level) };
  });
  return totals.sort((a, b) => b.total - a.total);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
