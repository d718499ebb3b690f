-- One row per source, store and promotion state.
create view v_promo_impact as
select
  f.data_source_id,
  f.store_id,
  case when f.promo = 1 then 'promo' else 'no_promo' end as promo_flag,
  avg(f.sales) as avg_sales,
  avg(coalesce(f.customers, 0)) as avg_customers,
  count(*) as num_days,
  avg(f.sales) filter (where f.open = 1) as avg_sales_open,
  count(*) filter (where f.open = 1) as open_days
from fact_sales_daily f
group by f.data_source_id, f.store_id, case when f.promo = 1 then 'promo' else 'no_promo' end;
comment on view v_promo_impact is
  'One row per source, store and promotion state: averages over all days (avg_sales) and over open days (avg_sales_open).';
