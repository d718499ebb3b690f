import type { StoreMover as MoverRow, PromoImpact, KpiSummary as SummaryRow } from "@rossmann/warehouse";
import { z } from "zod";
import { businessDay, dataSourceFilter, day, storeFilter, wholeNumber } from "./values.ts";

export const kpiSummaryQuerySchema = z.object({
  date_from: businessDay().describe("First day, included"),
  date_to: businessDay().describe("Last day, included"),
  store_id: storeFilter(),
  compare_from: businessDay()
    .optional()
    .describe("First day of the period to compare with; goes with compare_to"),
  compare_to: businessDay()
    .optional()
    .describe("Last day of the period to compare with; goes with compare_from"),
  data_source_id: dataSourceFilter(),
});

const kpiFigures = {
  date_from: day(),
  date_to: day(),
  store_id: z.int().nullable(),
  total_sales: z.number(),
  total_customers: z.number().describe("Unknown counts are 0"),
  avg_daily_sales: z.number().describe("Mean over the days that have rows of the sales of that day"),
  promo_days: z.int().describe("Store-days with a promotion"),
  open_days: z.int().describe("Store-days that are known to be open"),
  store_days: z.int().describe("Rows: one per store and day"),
  open_store_days: z.int().describe("Same as open_days, under the name that says what is counted"),
  promo_store_days: z.int().describe("Same as promo_days, under the name that says what is counted"),
  promo_share: z
    .number()
    .nullable()
    .describe("Share of the open store-days that had a promotion, 0 to 1; null without open days"),
  sales_per_customer: z.number().nullable().describe("Null without customers"),
  stores_count: z.int().describe("Stores that have rows in the period"),
};

export const kpiFiguresSchema = z.object(kpiFigures).meta({ id: "KpiFigures" });

export const kpiSummarySchema = z
  .object({
    ...kpiFigures,
    comparison: kpiFiguresSchema.nullable().describe("The same figures of the period to compare with"),
  })
  .meta({ id: "KpiSummary" });

export const promoImpactQuerySchema = z.object({
  store_id: storeFilter(),
  data_source_id: dataSourceFilter(),
});

export const promoImpactRowSchema = z
  .object({
    store_id: z.int(),
    promo_flag: z.enum(["promo", "no_promo"]),
    avg_sales: z.number().describe("Mean over all days, closed ones included"),
    avg_customers: z.number().describe("Mean over all days, unknown counted 0"),
    num_days: z.int(),
    avg_sales_open: z.number().nullable().describe("Mean over open days"),
    avg_customers_open: z.number().nullable().describe("Mean over open days"),
    open_days: z.int(),
    uplift_pct: z
      .number()
      .nullable()
      .describe(
        "The store's promotion days against its other days, open days Monday to Friday; same in both rows; null when either kind is missing",
      ),
  })
  .meta({ id: "PromoImpactRow" });

export const promoImpactSchema = z.array(promoImpactRowSchema);

export const moversQuerySchema = z.object({
  date_from: businessDay().describe("First day, included"),
  date_to: businessDay().describe("Last day, included; the period before has the same length"),
  limit: wholeNumber(1, 2000).default(10).describe("How many stores at most; default 10"),
  data_source_id: dataSourceFilter(),
});

export const storeMoverSchema = z
  .object({
    store_id: z.int(),
    store_type: z.string().nullable(),
    sales: z.number(),
    previous_sales: z.number(),
    change: z.number().describe("sales - previous_sales"),
    change_pct: z.number().nullable().describe("Null when there were no sales before"),
  })
  .meta({ id: "StoreMover" });

export const moversSchema = z.array(storeMoverSchema).describe("Largest change first, whatever its sign");

export type KpiSummaryQuery = z.input<typeof kpiSummaryQuerySchema>;
export type KpiFigures = z.output<typeof kpiFiguresSchema>;
export type KpiSummary = z.output<typeof kpiSummarySchema>;
export type PromoImpactQuery = z.input<typeof promoImpactQuerySchema>;
export type PromoImpactRow = z.output<typeof promoImpactRowSchema>;
export type MoversQuery = z.input<typeof moversQuerySchema>;
export type StoreMover = z.output<typeof storeMoverSchema>;

export function kpiFiguresAnswer(row: SummaryRow): KpiFigures {
  return {
    date_from: row.dateFrom,
    date_to: row.dateTo,
    store_id: row.storeId,
    total_sales: row.totalSales,
    total_customers: row.totalCustomers,
    avg_daily_sales: row.avgDailySales,
    promo_days: row.promoDays,
    open_days: row.openDays,
    store_days: row.storeDays,
    open_store_days: row.openStoreDays,
    promo_store_days: row.promoStoreDays,
    promo_share: row.promoShare,
    sales_per_customer: row.salesPerCustomer,
    stores_count: row.storesCount,
  };
}

export function promoImpactAnswer(row: PromoImpact): PromoImpactRow {
  return {
    store_id: row.storeId,
    promo_flag: row.promoFlag,
    avg_sales: row.avgSales,
    avg_customers: row.avgCustomers,
    num_days: row.numDays,
    avg_sales_open: row.avgSalesOpen,
    avg_customers_open: row.avgCustomersOpen,
    open_days: row.openDays,
    uplift_pct: row.upliftPct,
  };
}

export function moverAnswer(row: MoverRow): StoreMover {
  return {
    store_id: row.storeId,
    store_type: row.storeType,
    sales: row.sales,
    previous_sales: row.previousSales,
    change: row.change,
    change_pct: row.changePct,
  };
}
