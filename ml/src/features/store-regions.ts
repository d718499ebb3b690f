import { Basis, type Panel } from "../panel.ts";

/** Stores whose school holidays differ on fewer of their common working days are neighbours. */
const LARGEST_DIFFERENCE = 0.02;
const FEWEST_COMMON_DAYS = 60;
const WINDOW_DAYS = 728;

export interface StoreRegions {
  /** region per store, numbered by their first store */
  of: Int32Array;
  count: number;
}

/**
 * Regions, inferred from the school holidays: states have their own. A store joins the first region whose first store
 * has the same holidays on all but 2 % of the days on which both were open (closed days often carry no flag).
 */
export function storeRegions(panel: Panel): StoreRegions {
  const { calendarDays, historyDays, open, schoolHoliday, basis } = panel;
  const n = panel.storeIds.length;
  const from = Math.max(0, historyDays - WINDOW_DAYS);
  const of = new Int32Array(n);
  const founders: number[] = [];
  for (let s = 0; s < n; s++) {
    const own = s * calendarDays;
    let region = -1;
    for (let r = 0; r < founders.length && region < 0; r++) {
      const other = founders[r] * calendarDays;
      let common = 0;
      let different = 0;
      for (let t = from; t < historyDays; t++) {
        if (open[own + t] !== 1 || open[other + t] !== 1) continue;
        if (basis[own + t] !== Basis.observed || basis[other + t] !== Basis.observed) continue;
        common++;
        if (schoolHoliday[own + t] !== schoolHoliday[other + t]) different++;
      }
      if (common >= FEWEST_COMMON_DAYS && different <= common * LARGEST_DIFFERENCE) region = r;
    }
    if (region < 0) {
      region = founders.length;
      founders.push(s);
    }
    of[s] = region;
  }
  return { of, count: founders.length };
}
