import { type SqlBool, sql } from "kysely";
import { dateIdOf, isoDateOfId } from "./date-id.ts";
import type { Db } from "./db.ts";

/** A span of business days of one source, both ends included, `YYYY-MM-DD`. */
export interface SalesRange {
  dataSourceId: number;
  dateFrom: string;
  dateTo: string;
}

/** One store and day. */
export interface StoreDay {
  date: string;
  storeId: number;
  sales: number;
  /** 0 when the file had none */
  customers: number;
  /** 0 or 1; 0 when unknown */
  promo: number;
  /** 1 open, 0 closed, null unknown */
  open: number | null;
  /** "0" none, "a" public, "b" Easter, "c" Christmas, null unknown */
  stateHoliday: string | null;
  schoolHoliday: number | null;
}

/** One day of the whole chain. */
export interface ChainDay {
  date: string;
  sales: number;
  customers: number;
  /** number of stores with a promotion, open, with a state holiday, with a school holiday */
  promo: number;
  open: number;
  stateHoliday: number;
  schoolHoliday: number;
  /** number of stores that have a row for the day */
  storeDays: number;
}

/** One month of one store (`storeId` set) or of the whole chain (`storeId` null). */
export interface SalesMonth {
  /** first day of the month, also when the range starts later */
  monthStart: string;
  storeId: number | null;
  sales: number;
  customers: number;
  /** sales per day that has a row; for the chain, of the day's sum over the stores */
  avgDailySales: number;
  /** the range holds only a part of this month, and the sums are of that part */
  partial: boolean;
}

/** Daily sales of one store, oldest first; empty when there are none in the range. */
export async function storeDailySales(db: Db, range: SalesRange & { storeId: number }): Promise<StoreDay[]> {
  const rows = await dailyRows(db, range).where("store_id", "=", range.storeId).orderBy("date_id").execute();
  return rows.map(toStoreDay);
}

/** Daily sales of every store by date, then store: for ranges of a few days, since all rows are held at once. */
export async function dailySales(db: Db, range: SalesRange): Promise<StoreDay[]> {
  const rows = await dailyRows(db, range).orderBy("date_id").orderBy("store_id").execute();
  return rows.map(toStoreDay);
}

/** Daily sales summed over all stores, oldest first; answered from the daily aggregate. */
export async function chainDailySales(db: Db, range: SalesRange): Promise<ChainDay[]> {
  const rows = await db
    .selectFrom("agg_chain_daily")
    .where("data_source_id", "=", range.dataSourceId)
    .where("date_id", ">=", dateIdOf(range.dateFrom))
    .where("date_id", "<=", dateIdOf(range.dateTo))
    .select([
      "date_id as dateId",
      "sales",
      "customers",
      "promo_store_days as promo",
      "open_store_days as open",
      "state_holiday_store_days as stateHoliday",
      "school_holiday_store_days as schoolHoliday",
      "store_days as storeDays",
    ])
    .orderBy("date_id")
    .execute();
  return rows.map(({ dateId, ...day }) => ({ date: isoDateOfId(dateId), ...day }));
}

/**
 * Daily sales of every store by date, then store, in batches read through a cursor: memory stays flat for any range.
 * The rows are those of one moment, also when a load finishes meanwhile.
 *
 * @param range `storeIds` limits it to some stores
 */
export async function* streamDailySales(
  db: Db,
  range: SalesRange & { storeIds?: readonly number[] },
  batchRows = 5_000,
): AsyncGenerator<StoreDay[], void, void> {
  const trx = await db.startTransaction().setAccessMode("read only").execute();
  try {
    let query = dailyRows(trx, range).orderBy("date_id").orderBy("store_id");
    if (range.storeIds !== undefined) query = query.where("store_id", "in", [...range.storeIds]);
    await sql`declare daily_sales no scroll cursor for ${query}`.execute(trx);
    for (;;) {
      const { rows } = await sql<DailyRow>`fetch ${sql.lit(batchRows)} from daily_sales`.execute(trx);
      if (rows.length === 0) break;
      yield rows.map(toStoreDay);
    }
    await trx.commit().execute();
  } finally {
    // Also the way out when the reader stops early; after a commit there is nothing to roll back.
    if (!trx.isCommitted) await trx.rollback().execute();
  }
}

/** Monthly sales of one store (or, without `storeId`, of every store: by month, then store). */
export async function storeMonthlySales(
  db: Db,
  range: SalesRange & { storeId?: number },
): Promise<SalesMonth[]> {
  return monthlySales(db, range, "store");
}

/** Monthly sales summed over all stores, oldest first. */
export async function chainMonthlySales(db: Db, range: SalesRange): Promise<SalesMonth[]> {
  return monthlySales(db, range, "chain");
}

interface DailyRow {
  dateId: number;
  storeId: number;
  sales: number;
  customers: number;
  promo: number;
  open: number | null;
  stateHoliday: string | null;
  schoolHoliday: number | null;
}

function dailyRows(db: Db, range: SalesRange) {
  return db
    .selectFrom("fact_sales_daily")
    .where("data_source_id", "=", range.dataSourceId)
    .where("date_id", ">=", dateIdOf(range.dateFrom))
    .where("date_id", "<=", dateIdOf(range.dateTo))
    .select([
      "date_id as dateId",
      "store_id as storeId",
      "sales",
      sql<number>`coalesce(customers, 0)`.as("customers"),
      sql<number>`coalesce(promo, 0)`.as("promo"),
      "open",
      "state_holiday as stateHoliday",
      "school_holiday as schoolHoliday",
    ]);
}

function toStoreDay({ dateId, ...day }: DailyRow): StoreDay {
  return { date: isoDateOfId(dateId), ...day };
}

/**
 * Whole months come from the monthly aggregate (store) or the daily one (chain); at most two months at the ends of the range
 * are only partly covered, and those are summed from the days.
 */
async function monthlySales(
  db: Db,
  range: SalesRange & { storeId?: number },
  grain: "store" | "chain",
): Promise<SalesMonth[]> {
  const from = sql<string>`${range.dateFrom}::date`;
  const to = sql<string>`${range.dateTo}::date`;
  const ofStore =
    range.storeId === undefined ? sql<SqlBool>`true` : sql<SqlBool>`store_id = ${range.storeId}`;
  const isWhole = sql<SqlBool>`month_start >= ${from} and month_start + interval '1 month' <= ${to} + interval '1 day'`;
  const dateIdMonth = sql`make_date(date_id / 10000, date_id / 100 % 100, 1)`;
  const inRange = sql<SqlBool>`data_source_id = ${range.dataSourceId}
    and date_id between ${dateIdOf(range.dateFrom)} and ${dateIdOf(range.dateTo)}`;

  const days =
    grain === "chain"
      ? sql`
          select ${dateIdMonth} as month_start, null::integer as store_id, sales, customers, 1 as days
          from agg_chain_daily where ${inRange}`
      : sql`
          select month_start, store_id, sales, customers, store_days as days
          from agg_store_monthly where data_source_id = ${range.dataSourceId} and ${ofStore} and ${isWhole}
          union all
          select month_start, store_id, sales, customers, 1
          from (
            select ${dateIdMonth} as month_start, store_id, sales, coalesce(customers, 0) as customers
            from fact_sales_daily
            where ${inRange} and ${ofStore} and (date_id / 100 in (
              ${sql.join([...new Set([range.dateFrom, range.dateTo].map((date) => Math.floor(dateIdOf(date) / 100)))])}))
          ) as edge
          where not (${isWhole})`;

  const { rows } = await sql<SalesMonth>`
    with days as (${days})
    select
      month_start as "monthStart",
      store_id as "storeId",
      sum(sales) as sales,
      sum(customers)::bigint as customers,
      sum(sales) / sum(days) as "avgDailySales",
      not (${isWhole}) as partial
    from days
    group by month_start, store_id
    order by month_start, store_id
  `.execute(db);
  return rows;
}
