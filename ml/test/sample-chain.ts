/** A small made-up chain for tests: weekly rhythm, promotions every other week, holidays, a yearly wave, seeded noise. */
import { calendarParts, createRandom, dayNumber, easterSunday, weekday } from "@rossmann/core";
import { MISSING, type PanelRows } from "../src/panel-rows.ts";

export interface ChainOptions {
  stores?: number;
  days?: number;
  /** default 2013-01-07, a Monday */
  firstDay?: number;
  /** standard deviation of the log noise */
  noise?: number;
  seed?: number;
  /** known days behind the history */
  future?: number;
  /** change a row before it is kept; null drops it */
  change?: (row: ChainRow) => ChainRow | null;
}

export interface ChainRow {
  storeId: number;
  day: number;
  sales: number;
  customers: number;
  open: number;
  promo: number;
  schoolHoliday: number;
  stateHoliday: number;
}

export const FIRST_DAY = dayNumber(2013, 1, 7)!;

export function sampleChain(options: ChainOptions = {}): PanelRows {
  const stores = options.stores ?? 6;
  const days = options.days ?? 800;
  const future = options.future ?? 0;
  const firstDay = options.firstDay ?? FIRST_DAY;
  const noise = options.noise ?? 0.05;
  const random = createRandom(options.seed ?? 1);
  const history: ChainRow[] = [];
  const coming: ChainRow[] = [];
  for (let s = 0; s < stores; s++) {
    const level = Math.log(4000) + 0.3 * random.normal();
    for (let t = 0; t < days + future; t++) {
      const day = firstDay + t;
      const place = weekday(day);
      const promo = place <= 5 && Math.floor((day - FIRST_DAY) / 7) % 2 === 0 ? 1 : 0;
      const stateHoliday = holidayOf(day);
      const open = place === 7 || stateHoliday !== 0 ? 0 : 1;
      const wave = 0.1 * Math.sin((2 * Math.PI * calendarParts(day).dayOfYear) / 365);
      const log = level + wave + (promo ? 0.3 : 0) + (place === 1 ? 0.1 : 0) + noise * random.normal();
      const sales = open === 1 ? Math.round(Math.exp(log)) : 0;
      const { month } = calendarParts(day);
      const row: ChainRow = {
        storeId: s + 1,
        day,
        sales,
        customers: Math.round(sales / 9),
        open,
        promo,
        schoolHoliday: month === 7 || month === 8 ? 1 : 0,
        stateHoliday,
      };
      if (t >= days) coming.push(row);
      else {
        const kept = options.change === undefined ? row : options.change(row);
        if (kept !== null) history.push(kept);
      }
    }
  }
  return {
    ...columns(history),
    sales: Float64Array.from(history, (row) => row.sales),
    customers: Float64Array.from(history, (row) => row.customers),
    future: columns(coming),
    stores: {
      storeIds: Int32Array.from({ length: stores }, (_, s) => s + 1),
      storeType: Array.from({ length: stores }, (_, s) => (s % 2 === 0 ? "a" : "c")),
      assortment: Array.from({ length: stores }, () => "a"),
      competitionDistance: Float64Array.from({ length: stores }, (_, s) => (s === 0 ? NaN : 500 * s)),
      competitionOpenSinceMonth: new Float64Array(stores).fill(6),
      competitionOpenSinceYear: new Float64Array(stores).fill(2013),
      promo2: Uint8Array.from({ length: stores }, (_, s) => (s === 1 ? MISSING : s % 2)),
      promo2SinceWeek: new Float64Array(stores).fill(20),
      promo2SinceYear: new Float64Array(stores).fill(2013),
      promoInterval: Array.from({ length: stores }, (_, s) => (s % 2 === 1 ? "Jan,Apr,Jul,Oct" : null)),
    },
  };
}

/** New Year, Labour Day, Good Friday, Easter Monday, Ascension, both Christmas days. */
function holidayOf(day: number): number {
  const { year, month, dayOfMonth } = calendarParts(day);
  const fromEaster = day - easterSunday(year);
  if (fromEaster === -2 || fromEaster === 1) return 2;
  if (month === 12 && (dayOfMonth === 25 || dayOfMonth === 26)) return 3;
  if (fromEaster === 39 || (month === 1 && dayOfMonth === 1) || (month === 5 && dayOfMonth === 1)) return 1;
  return 0;
}

function columns(rows: ChainRow[]) {
  return {
    storeIds: Int32Array.from(rows, (row) => row.storeId),
    dayNumbers: Int32Array.from(rows, (row) => row.day),
    open: Uint8Array.from(rows, (row) => row.open),
    promo: Uint8Array.from(rows, (row) => row.promo),
    schoolHoliday: Uint8Array.from(rows, (row) => row.schoolHoliday),
    stateHoliday: Uint8Array.from(rows, (row) => row.stateHoliday),
  };
}
