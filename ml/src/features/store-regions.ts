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
  const n = panel.storeIds.length;
  const { open, school, words } = dayBits(panel);
  const of = new Int32Array(n);
  const founders: number[] = [];
  for (let s = 0; s < n; s++) {
    let region = -1;
    for (let r = 0; r < founders.length && region < 0; r++) {
      const own = s * words;
      const other = founders[r] * words;
      let common = 0;
      let different = 0;
      for (let w = 0; w < words; w++) {
        const both = open[own + w] & open[other + w];
        common += bitCount(both);
        different += bitCount(both & (school[own + w] ^ school[other + w]));
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

/** One bit per day and store: was it open, had it school holiday? 32 days are compared at once. */
function dayBits(panel: Panel): { open: Int32Array; school: Int32Array; words: number } {
  const { calendarDays, historyDays, basis } = panel;
  const n = panel.storeIds.length;
  const from = Math.max(0, historyDays - WINDOW_DAYS);
  const words = Math.ceil((historyDays - from) / 32);
  const open = new Int32Array(n * words);
  const school = new Int32Array(n * words);
  for (let s = 0; s < n; s++) {
    for (let t = from; t < historyDays; t++) {
      const cell = s * calendarDays + t;
      if (basis[cell] !== Basis.observed || panel.open[cell] !== 1) continue;
      const word = s * words + ((t - from) >> 5);
      open[word] |= 1 << ((t - from) & 31);
      if (panel.schoolHoliday[cell] === 1) school[word] |= 1 << ((t - from) & 31);
    }
  }
  return { open, school, words };
}

/** Number of bits that are set in 32. Source: Warren, Hacker's Delight, figure 5-2. */
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
