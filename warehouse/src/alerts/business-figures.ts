import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Forecasts held against what was sold, over the last days that have sales. */
export interface ForecastFigures {
  dataSourceId: number;
  /** store-days with a forecast and an actual */
  points: number;
  /** Σ|forecast − actual| */
  absoluteError: number;
  /** Σ(forecast − actual): positive is over-forecast */
  error: number;
  /** Σ actual */
  actual: number;
  /** open store-days with an interval, and those whose actual lies in it */
  intervals: number;
  covered: number;
}

/**
 * One row per data source with sales. Of several forecasts for a store and day the one from the latest origin counts.
 *
 * @param windowDays   business days, counted back from the source's newest sales day
 * @param dataSourceId null: every source
 */
export async function forecastFigures(
  db: Db,
  windowDays: number,
  dataSourceId: number | null,
): Promise<ForecastFigures[]> {
  const { rows } = await sql<ForecastFigures>`
    with span as (
      select data_source_id, date_to, date_to - (${windowDays}::integer - 1) as date_from
      from agg_source_footprint
      where date_to is not null and (${dataSourceId}::integer is null or data_source_id = ${dataSourceId}::integer)
    ),
    told as (
      select distinct on (s.data_source_id, p.store_id, p.target_date)
        s.data_source_id, p.store_id, p.target_date, p.predicted_sales, p.predicted_lower, p.predicted_upper
      from span as s
      join forecast_run_registry as r on r.data_source_id = s.data_source_id
      join forecast_point as p on p.run_id = r.run_id and p.target_date between s.date_from and s.date_to
      where r.status = 'COMPLETED'
        and r.run_type in ('forecast', 'batch', 'predict')
        and r.origin between s.date_from - 366 and s.date_to - 1
        and r.origin < p.target_date
      order by s.data_source_id, p.store_id, p.target_date, r.origin desc, r.created_at desc
    ),
    pair as (
      select t.*, f.sales, f.open
      from told as t
      join dim_date as d on d.full_date = t.target_date
      join fact_sales_daily as f
        on f.data_source_id = t.data_source_id and f.store_id = t.store_id and f.date_id = d.date_id
    )
    select
      s.data_source_id as "dataSourceId",
      count(p.sales)::integer as points,
      coalesce(sum(abs(p.predicted_sales - p.sales)), 0)::double precision as "absoluteError",
      coalesce(sum(p.predicted_sales - p.sales), 0)::double precision as error,
      coalesce(sum(p.sales), 0)::double precision as actual,
      (count(*) filter (where p.open = 1 and p.predicted_lower is not null and p.predicted_upper is not null))::integer as intervals,
      (count(*) filter (where p.open = 1 and p.sales between p.predicted_lower and p.predicted_upper))::integer as covered
    from span as s
    left join pair as p on p.data_source_id = s.data_source_id
    group by s.data_source_id
    order by s.data_source_id
  `.execute(db);
  return rows;
}

/** {@link ForecastFigures} of the days that lay so far ahead. */
export interface HorizonFigures extends ForecastFigures {
  /** `from` of the group, or null for all of them together */
  horizonFrom: number | null;
}

/**
 * One row per data source and group of horizons that has forecasts with actuals, and one over all. Of several forecasts for a store,
 * day and group the one from the latest origin counts.
 *
 * @param starts first horizon of each group, ascending
 */
export async function forecastFiguresByHorizon(
  db: Db,
  windowDays: number,
  starts: readonly number[],
): Promise<HorizonFigures[]> {
  const { rows } = await sql<HorizonFigures>`
    with span as (
      select data_source_id, date_to, date_to - (${windowDays}::integer - 1) as date_from
      from agg_source_footprint where date_to is not null
    ),
    told as (
      select s.data_source_id, p.store_id, p.target_date, p.predicted_sales, p.predicted_lower, p.predicted_upper,
        r.origin, r.created_at, (p.target_date - r.origin) as horizon
      from span as s
      join forecast_run_registry as r on r.data_source_id = s.data_source_id
      join forecast_point as p on p.run_id = r.run_id and p.target_date between s.date_from and s.date_to
      where r.status = 'COMPLETED'
        and r.run_type in ('forecast', 'batch', 'predict')
        and r.origin between s.date_from - 366 and s.date_to - 1
        and r.origin < p.target_date
    ),
    grouped as (
      select told.*, g.horizon_from
      from told
      cross join lateral (
        select max(start) as horizon_from from unnest(${[...starts]}::integer[]) as start where start <= told.horizon
        union all select null
      ) as g
    ),
    latest as (
      select distinct on (data_source_id, horizon_from, store_id, target_date) *
      from grouped
      order by data_source_id, horizon_from, store_id, target_date, origin desc, created_at desc
    )
    select
      t.data_source_id as "dataSourceId",
      t.horizon_from as "horizonFrom",
      count(*)::integer as points,
      sum(abs(t.predicted_sales - f.sales))::double precision as "absoluteError",
      sum(t.predicted_sales - f.sales)::double precision as error,
      sum(f.sales)::double precision as actual,
      (count(*) filter (where f.open = 1 and t.predicted_lower is not null and t.predicted_upper is not null))::integer as intervals,
      (count(*) filter (where f.open = 1 and f.sales between t.predicted_lower and t.predicted_upper))::integer as covered
    from latest as t
    join dim_date as d on d.full_date = t.target_date
    join fact_sales_daily as f
      on f.data_source_id = t.data_source_id and f.store_id = t.store_id and f.date_id = d.date_id
    group by 1, 2 order by 1, 2
  `.execute(db);
  return rows;
}

/** How old what a source has is. */
export interface SourceAges {
  dataSourceId: number;
  name: string;
  /** days from the newest sales day to today (UTC); null without sales */
  freshnessDays: number | null;
  /** hours since the last load became visible; null without a load */
  loadAgeHours: number | null;
  /** days since the serving model was trained; null without one */
  modelAgeDays: number | null;
}

/** Every active data source, or the one named, in the order of ids. */
export async function sourceAges(db: Db, at: Date, dataSourceId: number | null): Promise<SourceAges[]> {
  const { rows } = await sql<SourceAges>`
    select
      d.id as "dataSourceId",
      d.name,
      (${at}::timestamptz at time zone 'UTC')::date - f.date_to as "freshnessDays",
      extract(epoch from ${at}::timestamptz - f.loaded_at)::double precision / 3600 as "loadAgeHours",
      extract(epoch from ${at}::timestamptz - m.created_at)::double precision / 86400 as "modelAgeDays"
    from data_source as d
    left join agg_source_footprint as f on f.data_source_id = d.id
    left join model_alias as a on a.data_source_id = d.id and a.alias = 'champion'
    left join model_version as m on m.data_source_id = d.id and m.version = a.version
    where (${dataSourceId}::integer is null and d.is_active) or d.id = ${dataSourceId}::integer
    order by d.id
  `.execute(db);
  return rows;
}
