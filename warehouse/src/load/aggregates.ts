import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db.ts";

/**
 * Compute every aggregate of a source anew from `facts` (a table or a query with the columns of `fact_sales_daily`, rows of
 * this source only).
 */
export async function refreshAggregates(
  trx: Db,
  dataSourceId: number,
  facts: RawBuilder<unknown>,
): Promise<void> {
  for (const table of ["agg_chain_daily", "agg_store", "agg_store_monthly", "agg_store_promo"] as const) {
    await trx.deleteFrom(table).where("data_source_id", "=", dataSourceId).execute();
  }
  await sql`
    insert into agg_chain_daily
      (data_source_id, date_id, sales, customers, store_days, open_store_days, promo_store_days, promo_open_store_days,
       state_holiday_store_days, school_holiday_store_days)
    select
      ${dataSourceId}::integer, date_id,
      sum(sales),
      coalesce(sum(customers), 0),
      count(*),
      count(*) filter (where open = 1),
      count(*) filter (where promo = 1),
      count(*) filter (where promo = 1 and open = 1),
      count(*) filter (where state_holiday <> '0'),
      count(*) filter (where school_holiday = 1)
    from ${facts} as f
    group by date_id
  `.execute(trx);
  await sql`
    insert into agg_store_monthly
      (data_source_id, store_id, month_start, sales, customers, store_days, open_days, promo_days)
    select
      ${dataSourceId}::integer, store_id,
      make_date(date_id / 100 / 100, date_id / 100 % 100, 1),
      sum(sales),
      coalesce(sum(customers), 0),
      count(*),
      count(*) filter (where open = 1),
      count(*) filter (where promo = 1)
    from ${facts} as f
    group by store_id, date_id / 100
  `.execute(trx);
  await sql`
    insert into agg_store
      (data_source_id, store_id, sales, customers, store_days, open_days, open_sales, first_date, last_date, sales_rank)
    select
      ${dataSourceId}::integer, store_id,
      sum(sales),
      coalesce(sum(customers), 0),
      count(*),
      count(*) filter (where open = 1),
      coalesce(sum(sales) filter (where open = 1), 0),
      to_date(min(date_id)::text, 'YYYYMMDD'),
      to_date(max(date_id)::text, 'YYYYMMDD'),
      dense_rank() over (order by sum(sales) desc)
    from ${facts} as f
    group by store_id
  `.execute(trx);
  await sql`
    insert into agg_store_promo
      (data_source_id, store_id, promo_flag, sales, customers, num_days, open_days, open_sales, open_customers,
       weekday_open_days, weekday_open_sales)
    select
      ${dataSourceId}::integer, f.store_id,
      case when f.promo = 1 then 'promo' else 'no_promo' end,
      sum(f.sales),
      coalesce(sum(f.customers), 0),
      count(*),
      count(*) filter (where f.open = 1),
      coalesce(sum(f.sales) filter (where f.open = 1), 0),
      coalesce(sum(f.customers) filter (where f.open = 1), 0),
      count(*) filter (where f.open = 1 and d.day_of_week <= 5),
      coalesce(sum(f.sales) filter (where f.open = 1 and d.day_of_week <= 5), 0)
    from ${facts} as f
    join dim_date d on d.date_id = f.date_id
    group by f.store_id, case when f.promo = 1 then 'promo' else 'no_promo' end
  `.execute(trx);
}

/** Write what a source holds now. Call it after {@link refreshAggregates}. */
export async function refreshFootprint(trx: Db, dataSourceId: number, etlRunId: string): Promise<void> {
  await sql`
    insert into agg_source_footprint
      (data_source_id, stores_count, sales_rows_count, date_from, date_to, loaded_at, etl_run_id)
    select ${dataSourceId}::integer, count(*), coalesce(sum(store_days), 0), min(first_date), max(last_date), clock_timestamp(), ${etlRunId}
    from agg_store
    where data_source_id = ${dataSourceId}
    on conflict (data_source_id) do update set
      stores_count = excluded.stores_count,
      sales_rows_count = excluded.sales_rows_count,
      date_from = excluded.date_from,
      date_to = excluded.date_to,
      loaded_at = excluded.loaded_at,
      etl_run_id = excluded.etl_run_id
  `.execute(trx);
}
