import type { SourceName } from "@rossmann/warehouse";
import type { CellKind } from "./cell-grammar.ts";

/** One column of a source file. */
export interface ColumnSpec {
  /** canonical name, as in the warehouse */
  name: string;
  /** other header names that mean it; compared without regard to case, blanks around and underscores */
  synonyms: readonly string[];
  kind: CellKind;
  /** an empty cell, or a file without the column, is refused */
  required: boolean;
}

/** The columns a source's file may have. */
export interface SourceSpec {
  source: SourceName;
  columns: readonly ColumnSpec[];
  /** columns that are known and not used */
  ignored: readonly string[];
}

const column = (name: string, synonyms: string[], kind: CellKind, required = false): ColumnSpec => ({
  name,
  synonyms,
  kind,
  required,
});

const STORE_ID = column("store_id", ["Store"], { type: "integer", min: 1, max: 999_999_999 }, true);
const DATE = column("full_date", ["Date"], { type: "date" }, true);
const DAY_MARKS = [
  column("promo", ["Promo"], { type: "flag" }),
  column("state_holiday", ["StateHoliday"], { type: "word", words: ["0", "a", "b", "c"] }),
  column("school_holiday", ["SchoolHoliday"], { type: "flag" }),
  column("open", ["Open"], { type: "flag" }),
];

/** `train.csv`: one row per store and day that was. */
export const TRAIN: SourceSpec = {
  source: "train",
  columns: [
    STORE_ID,
    DATE,
    column("sales", ["Sales"], { type: "amount", max: 999_999_999_999.99 }, true),
    column("customers", ["Customers"], { type: "integer", min: 0, max: 999_999_999 }),
    ...DAY_MARKS,
  ],
  ignored: ["day_of_week", "DayOfWeek"],
};

/** `test.csv`: one row per store and day to come, without sales. */
export const FUTURE: SourceSpec = {
  source: "future",
  columns: [
    column("source_row_id", ["Id"], { type: "integer", min: 0, max: 999_999_999 }),
    STORE_ID,
    DATE,
    ...DAY_MARKS,
  ],
  ignored: ["day_of_week", "DayOfWeek"],
};

/** `store.csv`: one row per store. */
export const STORE: SourceSpec = {
  source: "store",
  columns: [
    STORE_ID,
    column("store_type", ["StoreType"], { type: "text", maxLength: 16 }),
    column("assortment", ["Assortment"], { type: "text", maxLength: 16 }),
    column("competition_distance", ["CompetitionDistance"], { type: "amount", max: 9_999_999_999.99 }),
    column("competition_open_since_month", ["CompetitionOpenSinceMonth"], {
      type: "integer",
      min: 1,
      max: 12,
    }),
    column("competition_open_since_year", ["CompetitionOpenSinceYear"], {
      type: "integer",
      min: 1800,
      max: 2200,
    }),
    column("promo2", ["Promo2"], { type: "flag" }),
    column("promo2_since_week", ["Promo2SinceWeek"], { type: "integer", min: 1, max: 53 }),
    column("promo2_since_year", ["Promo2SinceYear"], { type: "integer", min: 1900, max: 2200 }),
    column("promo_interval", ["PromoInterval"], { type: "text", maxLength: 64 }),
  ],
  ignored: [],
};
