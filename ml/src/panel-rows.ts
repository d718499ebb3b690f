/**
 * The form in which a data source's rows reach the workshop: columns of typed arrays, as the warehouse reads them.
 * Defined here, so that everything behind the two porters is a pure function of arrays.
 */

/** The mark of a missing cell in the byte columns. */
export const MISSING = 255;

/** Calendar cells, one element per row; rows are ordered by store, then by day. */
export interface CalendarRows {
  storeIds: Int32Array;
  /** days since 1970-01-01 */
  dayNumbers: Int32Array;
  /** 1 open, 0 closed, 255 missing */
  open: Uint8Array;
  /** 1 promotion, 0 none, 255 missing */
  promo: Uint8Array;
  /** 1 school holiday, 0 none, 255 missing */
  schoolHoliday: Uint8Array;
  /** 0 none, 1 public holiday (a), 2 Easter (b), 3 Christmas (c), 255 missing */
  stateHoliday: Uint8Array;
}

/** Attributes of the stores, one element per store, ordered by store id. Missing stays missing (null, NaN or 255). */
export interface StoreColumns {
  storeIds: Int32Array;
  storeType: (string | null)[];
  assortment: (string | null)[];
  /** metres */
  competitionDistance: Float64Array;
  competitionOpenSinceMonth: Float64Array;
  competitionOpenSinceYear: Float64Array;
  promo2: Uint8Array;
  promo2SinceWeek: Float64Array;
  promo2SinceYear: Float64Array;
  /** as in the file: `Jan,Apr,Jul,Oct` */
  promoInterval: (string | null)[];
}

/** Everything one data source knows: observed days, days whose covariates are known in advance, and its stores. */
export interface PanelRows extends CalendarRows {
  /** turnover of the day in currency units, NaN when missing */
  sales: Float64Array;
  /** NaN when missing */
  customers: Float64Array;
  /** covariates known in advance; rows of days that the history already covers are ignored */
  future: CalendarRows;
  stores: StoreColumns;
}
