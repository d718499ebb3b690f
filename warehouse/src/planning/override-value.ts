import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Absolute errors of planner, model and naive rule on the same days. */
export interface OverrideErrors {
  author: string;
  storeId: number;
  overrides: number;
  /** days whose actual sales are known */
  days: number;
  /** Σ actual */
  actual: number;
  /** Σ|said − actual| */
  overrideError: number;
  modelError: number;
  naiveError: number;
}

/**
 * What corrections were worth, per author and store; those that were withdrawn do not count, and of several for one day
 * the newest does. Days that turned out closed are left out: nobody forecast them.
 */
export async function overrideErrors(db: Db, dataSourceId: number): Promise<OverrideErrors[]> {
  const { rows } = await sql<OverrideErrors>`
    with said as (
      select distinct on (o.store_id, d.target_date) o.author, o.store_id, d.*
      from forecast_override as o
      join forecast_override_day as d on d.override_id = o.override_id
      where o.data_source_id = ${dataSourceId} and o.withdrawn_at is null
      order by o.store_id, d.target_date, o.override_id desc
    ),
    met as (
      select s.*, f.sales::double precision as actual
      from said as s
      join dim_date as day on day.full_date = s.target_date
      join fact_sales_daily as f
        on f.data_source_id = ${dataSourceId} and f.store_id = s.store_id and f.date_id = day.date_id
      where f.open = 1 and f.sales > 0
    )
    select
      author,
      store_id as "storeId",
      count(distinct override_id)::integer as overrides,
      count(*)::integer as days,
      sum(actual) as actual,
      sum(abs(override_sales - actual)) as "overrideError",
      sum(abs(model_sales - actual)) as "modelError",
      sum(abs(naive_sales - actual)) as "naiveError"
    from met
    group by author, store_id
    order by author, store_id
  `.execute(db);
  return rows;
}
