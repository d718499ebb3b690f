import { isoDate, parseIsoDate } from "@rossmann/core";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { dateIdOf } from "./date-id.ts";
import type { Db } from "./db.ts";
import type { SalesRange } from "./sales.ts";

/** The figures of a range of days: of one store, or of the whole chain. A range without rows gives zeros and nulls. */
export interface KpiSummary {
  dateFrom: string;
  dateTo: string;
  storeId: number | null;
  totalSales: number;
  totalCustomers: number;
  /** mean over days that have rows of the day's sum over the stores; 0 without rows */
  avgDailySales: number;
  /** store-days with a promotion, closed ones included */
  promoDays: number;
  /** store-days known to be open (unknown is not open) */
  openDays: number;
  storeDays: number;
  openStoreDays: number;
  promoStoreDays: number;
  /** share of the open store-days that had a promotion, 0–1; null without open days */
  promoShare: number | null;
  /** null without customers */
  salesPerCustomer: number | null;
  /** stores that have a row in the range */
  storesCount: number;
}

/** Key figures of a range. The whole chain is answered from aggregates, one store from its own rows. */
export async function kpiSummary(
  db: Db,
  range: SalesRange & { storeId?: number | null },
): Promise<KpiSummary> {
  const storeId = range.storeId ?? null;
  const sums = await (storeId === null ? chainSums(db, range) : storeSums(db, range, storeId));
  return {
    dateFrom: range.dateFrom,
    dateTo: range.dateTo,
    storeId,
    totalSales: sums.sales,
    totalCustomers: sums.customers,
    avgDailySales: sums.days === 0 ? 0 : sums.sales / sums.days,
    promoDays: sums.promoStoreDays,
    openDays: sums.openStoreDays,
    storeDays: sums.storeDays,
    openStoreDays: sums.openStoreDays,
    promoStoreDays: sums.promoStoreDays,
    promoShare: sums.openStoreDays === 0 ? null : sums.promoOpenStoreDays / sums.openStoreDays,
    salesPerCustomer: sums.customers === 0 ? null : sums.sales / sums.customers,
    storesCount: sums.storesCount,
  };
}

interface Sums {
  sales: number;
  customers: number;
  days: number;
  storeDays: number;
  openStoreDays: number;
  promoStoreDays: number;
  promoOpenStoreDays: number;
  storesCount: number;
}

/** One statement: a load that is published between two would mix figures of before with figures of after. */
async function chainSums(db: Db, range: SalesRange): Promise<Sums> {
  const { rows } = await sql<Sums>`
    select
      coalesce(sum(sales), 0) as sales,
      coalesce(sum(customers), 0) as customers,
      count(*) as days,
      coalesce(sum(store_days), 0) as "storeDays",
      coalesce(sum(open_store_days), 0) as "openStoreDays",
      coalesce(sum(promo_store_days), 0) as "promoStoreDays",
      coalesce(sum(promo_open_store_days), 0) as "promoOpenStoreDays",
      ${storesIn(range)} as "storesCount"
    from agg_chain_daily
    where ${within(range)}
  `.execute(db);
  return rows[0]!;
}

async function storeSums(db: Db, range: SalesRange, storeId: number): Promise<Sums> {
  const { rows } = await sql<Sums>`
    select
      coalesce(sum(sales), 0) as sales,
      coalesce(sum(customers), 0) as customers,
      count(*) as days,
      count(*) as "storeDays",
      count(*) filter (where open = 1) as "openStoreDays",
      count(*) filter (where promo = 1) as "promoStoreDays",
      count(*) filter (where promo = 1 and open = 1) as "promoOpenStoreDays",
      least(count(*), 1)::integer as "storesCount"
    from fact_sales_daily
    where ${within(range)} and store_id = ${storeId}
  `.execute(db);
  return rows[0]!;
}

/**
 * Stores with at least one row in the range. The whole history is in the footprint; otherwise whole months are read from the
 * monthly aggregate and only the days of a month that the range cuts from the facts.
 */
function storesIn(range: SalesRange): RawBuilder<number> {
  return sql<number>`(
    select coalesce(
      (select stores_count from agg_source_footprint
        where data_source_id = ${range.dataSourceId} and date_from >= ${range.dateFrom}::date and date_to <= ${range.dateTo}::date),
      (select count(*) from (
        select store_id from agg_store_monthly
        where data_source_id = ${range.dataSourceId}
          and month_start >= ${range.dateFrom}::date
          and month_start + interval '1 month' <= ${range.dateTo}::date + interval '1 day'
        union
        select store_id from fact_sales_daily
        where data_source_id = ${range.dataSourceId} and ${cutDays(range)}
      ) as stores)
    )::integer
  )`;
}

/** The days of the range that lie in a month which the range cuts at its start or its end: at most two short spans. */
function cutDays({ dateFrom, dateTo }: SalesRange) {
  const from = dateIdOf(dateFrom);
  const to = dateIdOf(dateTo);
  const lastOfFirstMonth = Math.floor(from / 100) * 100 + 31;
  const firstOfLastMonth = Math.floor(to / 100) * 100 + 1;
  const endsWithMonth = isoDate(parseIsoDate(dateTo)! + 1).endsWith("-01");
  const spans: (readonly [number, number])[] = [];
  if (from % 100 !== 1) spans.push([from, Math.min(lastOfFirstMonth, to)]);
  if (!endsWithMonth) spans.push([Math.max(firstOfLastMonth, from), to]);
  if (spans.length === 0) return sql<SqlBool>`false`;
  return sql<SqlBool>`(${sql.join(
    spans.map(([low, high]) => sql`date_id between ${low} and ${high}`),
    sql` or `,
  )})`;
}

const within = (range: SalesRange) => sql<SqlBool>`data_source_id = ${range.dataSourceId}
  and date_id between ${dateIdOf(range.dateFrom)} and ${dateIdOf(range.dateTo)}`;

/** What promotions did in one store, over its whole history. */
export interface PromoImpact {
  storeId: number;
  promoFlag: "promo" | "no_promo";
  /** over all days, closed ones included */
  avgSales: number;
  avgCustomers: number;
  numDays: number;
  /** over open days only; null without one */
  avgSalesOpen: number | null;
  avgCustomersOpen: number | null;
  openDays: number;
  /**
   * by how many percent sales on open weekdays (Monday to Friday, the days promotions run on) are higher with a promotion
   * than without, same value in both rows of a store; null when one side has no such day or no sales
   */
  upliftPct: number | null;
}

/** Promotion against no promotion, per store; by store, then flag. Answered from the aggregate. */
export async function promoImpact(
  db: Db,
  options: { dataSourceId: number; storeId?: number | null },
): Promise<PromoImpact[]> {
  const ofStore =
    options.storeId === undefined || options.storeId === null
      ? sql`true`
      : sql`store_id = ${options.storeId}`;
  const { rows } = await sql<PromoImpact>`
    with flags as (
      select *, weekday_open_sales / nullif(weekday_open_days, 0) as weekday_avg
      from agg_store_promo
      where data_source_id = ${options.dataSourceId} and ${ofStore}
    ),
    uplift as (
      select
        store_id,
        max(weekday_avg) filter (where promo_flag = 'promo')
          / nullif(max(weekday_avg) filter (where promo_flag = 'no_promo'), 0) as ratio
      from flags
      group by store_id
    )
    select
      store_id as "storeId",
      promo_flag as "promoFlag",
      sales / num_days as "avgSales",
      customers::numeric / num_days as "avgCustomers",
      num_days as "numDays",
      open_sales / nullif(open_days, 0) as "avgSalesOpen",
      open_customers::numeric / nullif(open_days, 0) as "avgCustomersOpen",
      open_days as "openDays",
      (ratio - 1) * 100 as "upliftPct"
    from flags
    join uplift using (store_id)
    order by store_id, promo_flag
  `.execute(db);
  return rows;
}

/** A store whose sales changed against the period of the same length just before. */
export interface StoreMover {
  storeId: number;
  storeType: string | null;
  sales: number;
  previousSales: number;
  change: number;
  /** null when there were no sales before */
  changePct: number | null;
}

/**
 * The stores with the largest change, up or down, against the period of the same length before. Only stores that have rows in
 * both periods are compared.
 *
 * @param range `limit` is the number of stores, default 10
 */
export async function storeMovers(db: Db, range: SalesRange & { limit?: number }): Promise<StoreMover[]> {
  const from = parseIsoDate(range.dateFrom)!;
  const lengthDays = parseIsoDate(range.dateTo)! - from + 1;
  const previous = { ...range, dateFrom: isoDate(from - lengthDays), dateTo: isoDate(from - 1) };
  const { rows } = await sql<StoreMover>`
    with periods as (
      select
        store_id,
        sum(sales) filter (where date_id >= ${dateIdOf(range.dateFrom)}) as sales,
        sum(sales) filter (where date_id < ${dateIdOf(range.dateFrom)}) as previous_sales
      from fact_sales_daily
      where ${within({ ...range, dateFrom: previous.dateFrom })}
      group by store_id
    )
    select
      p.store_id as "storeId",
      s.store_type as "storeType",
      p.sales,
      p.previous_sales as "previousSales",
      p.sales - p.previous_sales as change,
      (p.sales / nullif(p.previous_sales, 0) - 1) * 100 as "changePct"
    from periods p
    join dim_store s on s.data_source_id = ${range.dataSourceId} and s.store_id = p.store_id
    where p.sales is not null and p.previous_sales is not null
    order by abs(p.sales - p.previous_sales) desc, p.store_id
    limit ${range.limit ?? 10}
  `.execute(db);
  return rows;
}

/** What a source holds, and which load made it visible. */
export interface SourceFootprint {
  dataSourceId: number;
  storesCount: number;
  salesRowsCount: number;
  /** first and last day with a sales row; null when there is none */
  dateFrom: string | null;
  dateTo: string | null;
  loadedAt: Date;
  etlRunId: string;
}

/** The footprint of a source, or null when it was never loaded. */
export async function sourceFootprint(db: Db, dataSourceId: number): Promise<SourceFootprint | null> {
  const row = await db
    .selectFrom("agg_source_footprint")
    .where("data_source_id", "=", dataSourceId)
    .select([
      "data_source_id as dataSourceId",
      "stores_count as storesCount",
      "sales_rows_count as salesRowsCount",
      "date_from as dateFrom",
      "date_to as dateTo",
      "loaded_at as loadedAt",
      "etl_run_id as etlRunId",
    ])
    .executeTakeFirst();
  return row ?? null;
}
