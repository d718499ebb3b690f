-- One row per source, month and store.
create view v_sales_timeseries_monthly as
select
  f.data_source_id,
  date_trunc('month', d.full_date)::date as month_start,
  f.store_id,
  sum(f.sales) as sales,
  sum(coalesce(f.customers, 0)) as customers,
  avg(f.sales) as avg_daily_sales
from fact_sales_daily f
join dim_date d on d.date_id = f.date_id
group by f.data_source_id, date_trunc('month', d.full_date)::date, f.store_id;
comment on view v_sales_timeseries_monthly is 'One row per source, calendar month and store.';
