/**
 * What all features of one origin share, worked out once: medians per store, weekday and promotion, and how every past
 * day differed from them. Built from a panel that ends at the origin, so nothing later can get in.
 */
import { GROUPS, type GroupMedians, groupMedians, groupOf } from "../baselines/store-weekday-promo-median.ts";
import { allStores } from "../model.ts";
import type { Panel } from "../panel.ts";
import { type DayTable, dayTable } from "./day-table.ts";
import { storeRegions } from "./store-regions.ts";

/** Days of residuals that are kept: two years and the weeks around. */
const WINDOW_DAYS = 770;

export interface OriginView {
  panel: Panel;
  /** one object per origin: views that differ in their coming days alone share it, and what was learned from the past */
  history: object;
  /** stores whose coming days may be asked about, ascending */
  asked: Int32Array;
  /** day index of the first day after the origin */
  end: number;
  /** what the calendar says of each day, the same for all stores */
  days: DayTable;
  /** medians of log sales by store, weekday and promotion over 364, 182, 91 and 42 days */
  base364: GroupMedians;
  base182: GroupMedians;
  base91: GroupMedians;
  base42: GroupMedians;
  /** first day index that `residual` covers */
  from: number;
  /** end − from */
  window: number;
  /** n x window: log sales minus base364 of the day's weekday and promotion; NaN where nothing was sold */
  residual: Float32Array;
  /** n x (window + 1): sums of the residuals before a day, missing ones as 0 */
  sums: Float64Array;
  /** n x (window + 1): number of residuals before a day */
  counts: Int32Array;
  /** region per store: stores with the same school holidays */
  region: Int32Array;
  regions: number;
  /** store type per store, from 0 in the order of the names */
  type: Int32Array;
  types: number;
}

export function originView(panel: Panel): OriginView {
  const n = panel.storeIds.length;
  const end = panel.historyDays;
  const window = Math.min(end, WINDOW_DAYS);
  const from = end - window;
  const base364 = groupMedians(panel, end, 364);
  const base182 = groupMedians(panel, end, 182);
  const base91 = groupMedians(panel, end, 91);
  const base42 = groupMedians(panel, end, 42);
  const residual = new Float32Array(n * window).fill(NaN);
  const sums = new Float64Array(n * (window + 1));
  const counts = new Int32Array(n * (window + 1));
  for (let s = 0; s < n; s++) {
    let sum = 0;
    let count = 0;
    for (let k = 0; k < window; k++) {
      const t = from + k;
      const value = panel.logSales[s * end + t];
      if (!Number.isNaN(value)) {
        const base = base364.values[s * GROUPS + groupOf(t, panel.promo[s * panel.calendarDays + t])];
        if (!Number.isNaN(base)) {
          residual[s * window + k] = value - base;
          sum += value - base;
          count++;
        }
      }
      sums[s * (window + 1) + k + 1] = sum;
      counts[s * (window + 1) + k + 1] = count;
    }
  }
  const names = panel.stores.storeType.map((type) => type ?? "");
  const order = [...new Set(names)].sort();
  const regions = storeRegions(panel);
  return {
    panel,
    history: {},
    asked: allStores(panel),
    end,
    days: dayTable(panel),
    base364,
    base182,
    base91,
    base42,
    from,
    window,
    residual,
    sums,
    counts,
    region: regions.of,
    regions: regions.count,
    type: Int32Array.from(names, (name) => order.indexOf(name)),
    types: order.length,
  };
}

/** Residual of a store on a day; NaN before the window, after the origin, or where nothing was sold. */
export function residualOn(view: OriginView, store: number, t: number): number {
  if (t < view.from || t >= view.end) return NaN;
  return view.residual[store * view.window + t - view.from];
}

/**
 * Mean residual of a store over the days `first` … `last`, both included, pulled towards 0 by `pseudoDays` days of 0.
 *
 * @returns NaN when no such day sold anything and `pseudoDays` is 0
 */
export function meanResidual(
  view: OriginView,
  store: number,
  first: number,
  last: number,
  pseudoDays = 0,
): number {
  const low = Math.max(first, view.from) - view.from;
  const high = Math.min(last, view.end - 1) - view.from + 1;
  if (high <= low) return pseudoDays > 0 ? 0 : NaN;
  const row = store * (view.window + 1);
  const count = view.counts[row + high] - view.counts[row + low];
  const sum = view.sums[row + high] - view.sums[row + low];
  return count + pseudoDays === 0 ? NaN : sum / (count + pseudoDays);
}

/** Number of days with sales of a store among `first` … `last`, both included, inside of the window. */
export function soldDays(view: OriginView, store: number, first: number, last: number): number {
  const low = Math.max(first, view.from) - view.from;
  const high = Math.min(last, view.end - 1) - view.from + 1;
  if (high <= low) return 0;
  const row = store * (view.window + 1);
  return view.counts[row + high] - view.counts[row + low];
}
