-- One row per source and store.
create view v_top_stores_by_sales as
select
  f.data_source_id,
  f.store_id,
  sum(f.sales) as total_sales,
  avg(f.sales) as avg_daily_sales,
  sum(coalesce(f.customers, 0)) as total_customers,
  dense_rank() over (partition by f.data_source_id order by sum(f.sales) desc) as sales_rank
from fact_sales_daily f
group by f.data_source_id, f.store_id;
comment on view v_top_stores_by_sales is 'One row per source and store, ranked by its total sales within the source.';
