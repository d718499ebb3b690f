import type { ChainDay, SalesMonth, StoreDay } from "@rossmann/warehouse";
import { z } from "zod";
import { businessDay, dataSourceFilter, day, oneOf, storeFilter } from "./values.ts";

export const timeseriesQuerySchema = z.object({
  granularity: oneOf(["daily", "monthly"]).default("daily"),
  aggregate: oneOf(["store", "chain"])
    .default("store")
    .describe("store: one row per store and period; chain: one row per period"),
  date_from: businessDay().describe("First day, included"),
  date_to: businessDay().describe("Last day, included"),
  store_id: storeFilter(),
  data_source_id: dataSourceFilter(),
});

const period = {
  date: day().describe("The day, or the first day of the month"),
  sales: z.number(),
  customers: z.number().describe("Unknown counts are 0"),
  partial: z.boolean().describe("A month of which the range holds only a part; the sums are over that part"),
};

/** One store in one period. */
export const storeSalesPointSchema = z
  .object({
    ...period,
    store_id: z.int(),
    promo: z.int().nullable().describe("1 or 0; null in months"),
    open: z.int().nullable().describe("1 or 0; null when unknown and in months"),
    state_holiday: z.string().nullable().describe("0, a, b or c; null when unknown and in months"),
    school_holiday: z.int().nullable().describe("1 or 0; null when unknown and in months"),
  })
  .meta({ id: "StoreSalesPoint" });

/** All stores in one period: marks are numbers of stores. */
export const chainSalesPointSchema = z
  .object({
    ...period,
    store_id: z.null(),
    promo: z.int().nullable().describe("Stores with a promotion; null in months"),
    open: z.int().nullable().describe("Stores that are known to be open; null in months"),
    state_holiday: z.null(),
    school_holiday: z.int().nullable().describe("Stores with school holidays; null in months"),
    state_holiday_stores: z.int().nullable().describe("Stores with a public holiday; null in months"),
    stores_count: z.int().nullable().describe("Stores with a row; null in months"),
  })
  .meta({ id: "ChainSalesPoint" });

export const timeseriesSchema = z.union([z.array(storeSalesPointSchema), z.array(chainSalesPointSchema)]);

export type TimeseriesQuery = z.input<typeof timeseriesQuerySchema>;
export type StoreSalesPoint = z.output<typeof storeSalesPointSchema>;
export type ChainSalesPoint = z.output<typeof chainSalesPointSchema>;

export function storeDayAnswer(row: StoreDay): StoreSalesPoint {
  return {
    date: row.date,
    store_id: row.storeId,
    sales: row.sales,
    customers: row.customers,
    promo: row.promo,
    open: row.open,
    state_holiday: row.stateHoliday,
    school_holiday: row.schoolHoliday,
    partial: false,
  };
}

export function chainDayAnswer(row: ChainDay): ChainSalesPoint {
  return {
    date: row.date,
    store_id: null,
    sales: row.sales,
    customers: row.customers,
    promo: row.promo,
    open: row.open,
    state_holiday: null,
    school_holiday: row.schoolHoliday,
    state_holiday_stores: row.stateHoliday,
    stores_count: row.storeDays,
    partial: false,
  };
}

const NO_MARKS = { promo: null, open: null, state_holiday: null, school_holiday: null } as const;

/** @param row a month of one store, whose `storeId` is set */
export function storeMonthAnswer(row: SalesMonth): StoreSalesPoint {
  const { monthStart: date, sales, customers, partial } = row;
  return { date, store_id: row.storeId!, sales, customers, ...NO_MARKS, partial };
}

export function chainMonthAnswer(row: SalesMonth): ChainSalesPoint {
  const { monthStart: date, sales, customers, partial } = row;
  return {
    date,
    store_id: null,
    sales,
    customers,
    ...NO_MARKS,
    state_holiday_stores: null,
    stores_count: null,
    partial,
  };
}
