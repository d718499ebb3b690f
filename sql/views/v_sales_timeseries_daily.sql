-- One row per source, day and store.
create view v_sales_timeseries_daily as
select
  f.data_source_id,
  d.full_date,
  f.store_id,
  sum(f.sales) as sales,
  sum(coalesce(f.customers, 0)) as customers,
  max(coalesce(f.promo, 0)) as promo,
  max(f.open) as open
from fact_sales_daily f
join dim_date d on d.date_id = f.date_id
group by f.data_source_id, d.full_date, f.store_id;
comment on view v_sales_timeseries_daily is 'One row per source, day and store: sales and customers with the marks of the day; open is null when unknown.';
