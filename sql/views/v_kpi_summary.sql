-- One row per source, day and store.
create view v_kpi_summary as
select
  f.data_source_id,
  d.full_date,
  f.store_id,
  sum(f.sales) as total_sales,
  sum(coalesce(f.customers, 0)) as total_customers,
  avg(f.sales) as avg_sales,
  count(*) filter (where f.promo = 1) as promo_days,
  count(*) filter (where f.open = 1) as open_days
from fact_sales_daily f
join dim_date d on d.date_id = f.date_id
group by f.data_source_id, d.full_date, f.store_id;
comment on view v_kpi_summary is 'One row per source, day and store: the figures of the KPI summary.';
