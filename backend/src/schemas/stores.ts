import type { Store as StoreRow } from "@rossmann/warehouse";
import { z } from "zod";
import { dataSourceFilter, day } from "./values.ts";

export const storesQuerySchema = z.object({ data_source_id: dataSourceFilter() });

export const storeSchema = z
  .object({
    store_id: z.int(),
    store_type: z.string().nullable(),
    assortment: z.string().nullable(),
    competition_distance: z
      .number()
      .nullable()
      .describe("Metres to the nearest competitor; null when unknown"),
    promo2: z.int().nullable().describe("1 = takes part in the continuing promotion"),
    total_sales: z.number().describe("Over the whole history; 0 for a store without sales"),
    avg_daily_sales: z.number().nullable().describe("Mean over open days; null when there is none"),
    sales_rank: z.int().nullable().describe("1 = largest total; null for a store without sales"),
    last_date: day().nullable().describe("Last day with a sales row"),
  })
  .meta({ id: "Store" });

export const storesSchema = z.array(storeSchema);

export type StoresQuery = z.input<typeof storesQuerySchema>;
export type Store = z.output<typeof storeSchema>;

export function storeAnswer(row: StoreRow): Store {
  return {
    store_id: row.storeId,
    store_type: row.storeType,
    assortment: row.assortment,
    competition_distance: row.competitionDistance,
    promo2: row.promo2,
    total_sales: row.totalSales,
    avg_daily_sales: row.avgDailySales,
    sales_rank: row.salesRank,
    last_date: row.lastDate,
  };
}
