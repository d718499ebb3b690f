-- Answers that pages ask for often, computed once per load inside the same transaction that makes the load visible.

create table agg_chain_daily (
  data_source_id      integer not null references data_source (id),
  date_id             integer not null references dim_date (date_id),
  sales               numeric(16, 2) not null,
  customers           bigint  not null,
  store_days          integer not null,
  open_store_days     integer not null,
  promo_store_days    integer not null,
  promo_open_store_days integer not null,
  state_holiday_store_days  integer not null,
  school_holiday_store_days integer not null,
  primary key (data_source_id, date_id)
);
comment on table agg_chain_daily is 'One row per source and day: the sums over all its stores.';

create table agg_store (
  data_source_id integer not null references data_source (id),
  store_id       integer not null,
  sales          numeric(16, 2) not null,
  customers      bigint  not null,
  store_days     integer not null,
  open_days      integer not null,
  open_sales     numeric(16, 2) not null,
  first_date     date    not null,
  last_date      date    not null,
  sales_rank     integer not null check (sales_rank > 0),
  primary key (data_source_id, store_id)
);
comment on table agg_store is 'One row per source and store that has sales rows: its whole history in figures.';
comment on column agg_store.sales_rank is 'Dense rank by sales within the source, 1 = largest.';

create table agg_store_monthly (
  data_source_id integer not null references data_source (id),
  store_id       integer not null,
  month_start    date    not null,
  sales          numeric(16, 2) not null,
  customers      bigint  not null,
  store_days     integer not null,
  open_days      integer not null,
  promo_days     integer not null,
  primary key (data_source_id, store_id, month_start)
);
comment on table agg_store_monthly is 'One row per source, store and calendar month.';

create table agg_store_promo (
  data_source_id  integer not null references data_source (id),
  store_id        integer not null,
  promo_flag      text    not null check (promo_flag in ('promo', 'no_promo')),
  sales           numeric(16, 2) not null,
  customers       bigint  not null,
  num_days        integer not null,
  open_days       integer not null,
  open_sales      numeric(16, 2) not null,
  open_customers  bigint  not null,
  weekday_open_days integer not null,
  weekday_open_sales numeric(16, 2) not null,
  primary key (data_source_id, store_id, promo_flag)
);
comment on table agg_store_promo is 'One row per source, store and promotion state.';
comment on column agg_store_promo.weekday_open_days is
  'Open days Monday to Friday: promotions run on these, so that an uplift compares like with like.';

create table agg_source_footprint (
  data_source_id integer primary key references data_source (id),
  stores_count   integer not null,
  sales_rows_count bigint not null,
  date_from      date,
  date_to        date,
  loaded_at      timestamptz not null,
  etl_run_id     varchar(64) not null
);
comment on table agg_source_footprint is 'One row per source: what it holds and which load made it visible.';
