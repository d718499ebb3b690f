import { sql } from "kysely";
import type { Db } from "./db.ts";

/** A store with its master data and its whole history in figures. */
export interface Store {
  storeId: number;
  storeType: string | null;
  assortment: string | null;
  /** metres; null when unknown */
  competitionDistance: number | null;
  /** 1 takes part, 0 does not, null unknown */
  promo2: number | null;
  /** 0 for a store without sales rows, as are the two below */
  totalSales: number;
  /** mean over open days; null when the store was never open */
  avgDailySales: number | null;
  /** dense rank by total sales, 1 = largest; null without sales rows */
  salesRank: number | null;
  /** last day with a sales row */
  lastDate: string | null;
}

/** Every store of a source in the order of `store_id`; empty when nothing was loaded. */
export async function listStores(db: Db, dataSourceId: number): Promise<Store[]> {
  return storesOf(db, dataSourceId).orderBy("s.store_id").execute();
}

/** How many stores a source has, those without a single sales row included. */
export async function countStores(db: Db, dataSourceId: number): Promise<number> {
  const { count } = await db
    .selectFrom("dim_store")
    .where("data_source_id", "=", dataSourceId)
    .select(sql<number>`count(*)`.as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** One store, or null when the source has none of that id. */
export async function findStore(db: Db, dataSourceId: number, storeId: number): Promise<Store | null> {
  return (await storesOf(db, dataSourceId).where("s.store_id", "=", storeId).executeTakeFirst()) ?? null;
}

function storesOf(db: Db, dataSourceId: number) {
  return db
    .selectFrom("dim_store as s")
    .leftJoin("agg_store as a", (join) =>
      join.onRef("a.data_source_id", "=", "s.data_source_id").onRef("a.store_id", "=", "s.store_id"),
    )
    .where("s.data_source_id", "=", dataSourceId)
    .select([
      "s.store_id as storeId",
      "s.store_type as storeType",
      "s.assortment",
      "s.competition_distance as competitionDistance",
      "s.promo2",
      sql<number>`coalesce(a.sales, 0)`.as("totalSales"),
      sql<number | null>`a.open_sales / nullif(a.open_days, 0)`.as("avgDailySales"),
      "a.sales_rank as salesRank",
      "a.last_date as lastDate",
    ]);
}
