/**
 * The panel: every store and every day as one dense table of typed arrays.
 *
 * ```
 * store s, day index t (0 = firstDay):
 *   history cells   [s * historyDays  + t]   t = 0 … historyDays - 1           sales, customers, logSales
 *   calendar cells  [s * calendarDays + t]   t = 0 … calendarDays - 1          open, promo, holidays, basis
 *                                                 history | 180 coming days | 28 more to look ahead from the last one
 * ```
 *
 * A panel ends at its origin: nothing that was sold later is in it, so that no model can read the future by mistake.
 */
import { type DayNumber, isoDate } from "@rossmann/core";
import { projectCalendar } from "./calendar.ts";
import { EmptyHistoryError, OriginError } from "./errors.ts";
import { MISSING, type PanelRows, type StoreColumns } from "./panel-rows.ts";

/** Longest horizon, in days. */
export const LONGEST_HORIZON = 180;
/** Calendar days kept behind the longest horizon, for covariates like "days until the next promotion". */
export const LOOKAHEAD_DAYS = 28;

/** Where the calendar of a store-day comes from. */
export const Basis = {
  /** a day of the history without a row */
  absent: 0,
  /** a row of the history */
  observed: 1,
  /** a row that was known in advance */
  known: 2,
  /** worked out from the past by {@link projectCalendar} */
  projected: 3,
} as const;

export interface Panel {
  /** ascending, length n */
  readonly storeIds: Int32Array;
  readonly stores: StoreColumns;
  readonly firstDay: DayNumber;
  /** observed days D; the origin is the last of them */
  readonly historyDays: number;
  /** D + coming days (180 unless cut shorter) + 28 */
  readonly calendarDays: number;
  /** n x D, currency units; NaN where there is no row */
  readonly sales: Float64Array;
  /** n x D; NaN where missing */
  readonly customers: Float64Array;
  /** n x D, log of sales on open days with sales > 0; NaN elsewhere: what models learn from */
  readonly logSales: Float64Array;
  /** n x calendarDays: 1 open, 0 closed or absent */
  readonly open: Uint8Array;
  /** n x calendarDays: 1 promotion */
  readonly promo: Uint8Array;
  /** n x calendarDays: 1 school holiday */
  readonly schoolHoliday: Uint8Array;
  /** n x calendarDays: 0 none, 1 public holiday, 2 Easter, 3 Christmas */
  readonly stateHoliday: Uint8Array;
  /** n x calendarDays, see {@link Basis} */
  readonly basis: Uint8Array;
}

/** The origin of a panel: its last observed day. */
export const originOf = (panel: Panel): DayNumber => panel.firstDay + panel.historyDays - 1;

/**
 * Lay the rows of a data source out as a panel; coming days are filled from the known future, else projected.
 *
 * A row without `open` counts as open when it sold something. Days without a row are closed for every reader, their
 * promotion is the chain's. Later duplicates of a store-day win.
 *
 * @throws {EmptyHistoryError} without a single store or row
 */
export function buildPanel(rows: PanelRows): Panel {
  const n = rows.stores.storeIds.length;
  const count = rows.dayNumbers.length;
  if (n === 0 || count === 0) {
    throw new EmptyHistoryError(
      `the data source holds ${n} stores and ${count} daily rows; load train.csv and store.csv first`,
    );
  }
  let firstDay = rows.dayNumbers[0];
  let lastDay = firstDay;
  for (let i = 0; i < count; i++) {
    const day = rows.dayNumbers[i];
    if (day < firstDay) firstDay = day;
    if (day > lastDay) lastDay = day;
  }
  const panel = emptyPanel(rows.stores, firstDay, lastDay - firstDay + 1, LONGEST_HORIZON);
  const { historyDays, calendarDays } = panel;
  const indexOf = storeIndexer(panel.storeIds);

  for (let i = 0; i < count; i++) {
    const s = indexOf(rows.storeIds[i]);
    const t = rows.dayNumbers[i] - firstDay;
    const sales = rows.sales[i];
    panel.sales[s * historyDays + t] = sales;
    panel.customers[s * historyDays + t] = rows.customers[i];
    const cell = s * calendarDays + t;
    const open = rows.open[i] === MISSING ? (sales > 0 ? 1 : 0) : rows.open[i];
    panel.open[cell] = open;
    panel.promo[cell] = orZero(rows.promo[i]);
    panel.schoolHoliday[cell] = orZero(rows.schoolHoliday[i]);
    panel.stateHoliday[cell] = orZero(rows.stateHoliday[i]);
    panel.basis[cell] = Basis.observed;
    if (open === 1 && sales > 0 && sales < Infinity) panel.logSales[s * historyDays + t] = Math.log(sales);
  }
  const { future } = rows;
  for (let i = 0; i < future.dayNumbers.length; i++) {
    const t = future.dayNumbers[i] - firstDay;
    if (t < historyDays || t >= calendarDays) continue;
    const cell = indexOf(future.storeIds[i]) * calendarDays + t;
    // A missing cell keeps its mark until the projection fills it.
    panel.open[cell] = future.open[i];
    panel.promo[cell] = future.promo[i];
    panel.schoolHoliday[cell] = future.schoolHoliday[i];
    panel.stateHoliday[cell] = future.stateHoliday[i];
    panel.basis[cell] = Basis.known;
  }
  projectCalendar(panel);
  return panel;
}

/**
 * The panel as somebody saw it at the end of an earlier day: sales after `origin` are gone, the calendar of the
 * `knownDays` after it counts as known in advance, everything later is projected anew from what was known.
 *
 * @param origin     last observed day of the new panel; at most the origin of `panel`
 * @param knownDays  0–180
 * @param comingDays coming days the new panel holds, default 180
 * @throws {OriginError} when the history has no such day
 */
export function truncatePanel(
  panel: Panel,
  origin: DayNumber,
  knownDays: number,
  comingDays: number = LONGEST_HORIZON,
): Panel {
  const historyDays = origin - panel.firstDay + 1;
  if (historyDays < 1 || historyDays > panel.historyDays) {
    throw new OriginError(
      `origin must be between ${isoDate(panel.firstDay)} and ${isoDate(originOf(panel))}, got ${isoDate(origin)}`,
    );
  }
  const cut = emptyPanel(panel.stores, panel.firstDay, historyDays, comingDays);
  const copied = Math.min(historyDays + knownDays, cut.calendarDays);
  for (let s = 0; s < panel.storeIds.length; s++) {
    const history = s * panel.historyDays;
    for (const name of ["sales", "customers", "logSales"] as const) {
      cut[name].set(panel[name].subarray(history, history + historyDays), s * historyDays);
    }
    const from = s * panel.calendarDays;
    const to = s * cut.calendarDays;
    for (const name of ["open", "promo", "schoolHoliday", "stateHoliday", "basis"] as const) {
      cut[name].set(panel[name].subarray(from, from + copied), to);
    }
    for (let t = historyDays; t < copied; t++) {
      const basis = panel.basis[from + t];
      const isKnown = basis === Basis.observed || basis === Basis.known;
      cut.basis[to + t] = isKnown ? Basis.known : Basis.absent;
    }
  }
  projectCalendar(cut);
  return cut;
}

/** A panel whose every cell is missing or absent. */
function emptyPanel(
  stores: StoreColumns,
  firstDay: DayNumber,
  historyDays: number,
  comingDays: number,
): Panel {
  const n = stores.storeIds.length;
  const calendarDays = historyDays + comingDays + LOOKAHEAD_DAYS;
  const cells = n * calendarDays;
  return {
    storeIds: stores.storeIds,
    stores,
    firstDay,
    historyDays,
    calendarDays,
    sales: new Float64Array(n * historyDays).fill(NaN),
    customers: new Float64Array(n * historyDays).fill(NaN),
    logSales: new Float64Array(n * historyDays).fill(NaN),
    open: new Uint8Array(cells),
    promo: new Uint8Array(cells),
    schoolHoliday: new Uint8Array(cells),
    stateHoliday: new Uint8Array(cells),
    basis: new Uint8Array(cells),
  };
}

const orZero = (value: number) => (value === MISSING ? 0 : value);

/** Store id → index; rows come ordered by store, so the last answer is nearly always right. */
export function storeIndexer(storeIds: Int32Array): (storeId: number) => number {
  const indexes = new Map<number, number>();
  for (let s = 0; s < storeIds.length; s++) indexes.set(storeIds[s], s);
  let lastId = storeIds[0];
  let lastIndex = 0;
  return (storeId) => {
    if (storeId === lastId) return lastIndex;
    const index = indexes.get(storeId);
    if (index === undefined) throw new Error(`store ${storeId} has rows but no entry in the list of stores`);
    lastId = storeId;
    lastIndex = index;
    return index;
  };
}
