import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Forecasts held against the sales that came, as sums that can be added up further. */
export interface ActualSums {
  /** open store-days with a forecast and sales */
  points: number;
  /** Σ|forecast − actual| */
  absoluteError: number;
  /** Σ(forecast − actual): positive is over-forecast */
  error: number;
  /** Σ actual */
  actual: number;
  /** of the points those with an interval, and those whose actual lies in it */
  intervals: number;
  covered: number;
}

export interface ActualQuestion {
  dataSourceId: number;
  storeId?: number;
  /** days of the actual sales, both included */
  dateFrom?: string;
  dateTo?: string;
}

/** One group of days: the horizon they were forecast from, their week, or their store. */
export type ActualGroup = ActualSums & {
  /** days ahead of the group's first and last day; null unless grouped by horizon */
  from: number | null;
  to: number | null;
  /** Monday, `YYYY-MM-DD`; null unless grouped by week */
  week: string | null;
  /** null unless grouped by store */
  storeId: number | null;
};

/** Days ahead that err alike; the last group is open. */
const HORIZONS = [1, 8, 15, 29, 43, 91, 181];

/**
 * Stored forecasts that met later loads: one row over all (every group field null), one per horizon group, one per week and
 * one per store. A store-day counts once for each origin it was forecast from, by the newest run of that origin.
 */
export async function forecastActuals(db: Db, question: ActualQuestion): Promise<ActualGroup[]> {
  const { dataSourceId } = question;
  const storeId = question.storeId ?? null;
  const dateFrom = question.dateFrom ?? null;
  const dateTo = question.dateTo ?? null;
  const { rows } = await sql<ActualGroup>`
    with told as (
      select distinct on (p.store_id, p.target_date, r.origin)
        p.store_id, p.target_date, r.origin, p.predicted_sales, p.predicted_lower, p.predicted_upper
      from agg_source_footprint as s
      join forecast_run_registry as r on r.data_source_id = s.data_source_id
      join forecast_point as p on p.run_id = r.run_id
      where s.data_source_id = ${dataSourceId}
        and r.status = 'COMPLETED'
        and r.run_type in ('forecast', 'batch', 'predict')
        and r.origin < p.target_date
        and p.target_date <= s.date_to
        and (${storeId}::integer is null or p.store_id = ${storeId}::integer)
        and (${dateFrom}::date is null or p.target_date >= ${dateFrom}::date)
        and (${dateTo}::date is null or p.target_date <= ${dateTo}::date)
      order by p.store_id, p.target_date, r.origin, r.created_at desc
    ),
    met as (
      select
        width_bucket(t.target_date - t.origin, ${sql.lit(`{${HORIZONS.join(",")}}`)}::integer[]) as bucket,
        date_trunc('week', t.target_date)::date as week,
        t.store_id,
        t.predicted_sales - f.sales::double precision as error,
        f.sales::double precision as actual,
        t.predicted_lower is not null and t.predicted_upper is not null as has_interval,
        f.sales between t.predicted_lower and t.predicted_upper as is_inside
      from told as t
      join dim_date as d on d.full_date = t.target_date
      join fact_sales_daily as f
        on f.data_source_id = ${dataSourceId} and f.store_id = t.store_id and f.date_id = d.date_id
      where f.open = 1 and f.sales > 0
    )
    select
      (${sql.lit(`{${HORIZONS.join(",")}}`)}::integer[])[bucket] as "from",
      (${sql.lit(`{${HORIZONS.join(",")}}`)}::integer[])[bucket + 1] - 1 as "to",
      week,
      store_id as "storeId",
      count(*)::integer as points,
      coalesce(sum(abs(error)), 0) as "absoluteError",
      coalesce(sum(error), 0) as error,
      coalesce(sum(actual), 0) as actual,
      (count(*) filter (where has_interval))::integer as intervals,
      (count(*) filter (where has_interval and is_inside))::integer as covered
    from met
    group by grouping sets ((), (bucket), (week), (store_id))
    order by bucket nulls first, week nulls first, store_id nulls first
  `.execute(db);
  return rows;
}
