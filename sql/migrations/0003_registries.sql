-- What was done, by which run, with what outcome.

create table etl_run_registry (
  run_id           varchar(64) primary key,
  started_at       timestamptz not null default now(),
  finished_at      timestamptz,
  heartbeat_at     timestamptz not null default now(),
  status           varchar(32) not null check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
  data_source_id   integer references data_source (id),
  load_kind        varchar(16) not null default 'full' check (load_kind in ('full', 'incremental')),
  preflight_mode   varchar(32) not null default 'off' check (preflight_mode in ('off', 'report_only', 'enforce')),
  train_input_path text,
  store_input_path text,
  future_input_path text,
  rows_read        bigint not null default 0,
  rows_accepted    bigint not null default 0,
  rows_rejected    bigint not null default 0,
  rows_unchanged   bigint not null default 0,
  summary_json     jsonb not null default '{}',
  error_message    text
);
comment on table etl_run_registry is 'One row per load.';
comment on column etl_run_registry.heartbeat_at is 'Renewed while the load works; a RUNNING row whose heartbeat has stopped belongs to a killed process.';
create index etl_run_registry_newest on etl_run_registry (started_at desc, run_id);
create index etl_run_registry_by_source on etl_run_registry (data_source_id, started_at desc);

create table etl_run_finding (
  run_id      varchar(64) not null references etl_run_registry (run_id) on delete cascade,
  finding_no  integer     not null,
  code        varchar(64) not null,
  severity    varchar(8)  not null check (severity in ('error', 'warning')),
  source_name varchar(16) not null check (source_name in ('train', 'store', 'future')),
  line        bigint,
  column_name varchar(128),
  value       text,
  message     text not null,
  primary key (run_id, finding_no)
);
comment on table etl_run_finding is 'One row per sampled finding of a load; the exact counts are in etl_run_registry.summary_json.';
comment on column etl_run_finding.line is 'Line in the file, the header being line 1.';

create table forecast_run_registry (
  run_id         varchar(64) primary key,
  created_at     timestamptz not null default now(),
  finished_at    timestamptz,
  run_type       varchar(32) not null check (run_type in ('forecast', 'batch', 'scenario', 'scenario_v2', 'predict')),
  status         varchar(32) not null check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
  data_source_id integer references data_source (id),
  store_id       integer,
  model_version  integer,
  origin         date,
  request_json   jsonb not null default '{}',
  summary_json   jsonb not null default '{}',
  error_message  text
);
comment on table forecast_run_registry is 'One row per forecast that was asked for.';
comment on column forecast_run_registry.origin is 'Last observed day the forecast rests on.';
create index forecast_run_registry_newest on forecast_run_registry (created_at desc, run_id);
create index forecast_run_registry_by_source on forecast_run_registry (data_source_id, created_at desc);

create table forecast_point (
  run_id          varchar(64) not null references forecast_run_registry (run_id) on delete cascade,
  store_id        integer not null,
  target_date     date    not null,
  predicted_sales double precision not null check (predicted_sales >= 0),
  predicted_lower double precision,
  predicted_upper double precision,
  known           boolean not null,
  primary key (run_id, store_id, target_date)
);
comment on table forecast_point is 'One row per forecast run, store and day, so that actuals can be held against it later.';

create table ml_experiment_registry (
  experiment_id           varchar(64) primary key,
  data_source_id          integer references data_source (id),
  model_type              varchar(64) not null,
  hyperparameters_json    jsonb not null default '{}',
  train_period_start      date,
  train_period_end        date,
  validation_period_start date,
  validation_period_end   date,
  metrics_json            jsonb not null default '{}',
  status                  varchar(32) not null check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
  artifact_path           text,
  metadata_path           text,
  error_message           text,
  created_at              timestamptz not null default now(),
  updated_at              timestamptz not null default now(),
  heartbeat_at            timestamptz not null default now()
);
comment on table ml_experiment_registry is 'One row per training.';
create index ml_experiment_registry_newest on ml_experiment_registry (created_at desc, experiment_id);
create index ml_experiment_registry_by_source on ml_experiment_registry (data_source_id, created_at desc);

create table backtest_score (
  experiment_id varchar(64) not null references ml_experiment_registry (experiment_id) on delete cascade,
  model_type    varchar(64) not null,
  origin        date        not null,
  segment_kind  varchar(32) not null,
  segment       varchar(64) not null,
  points        integer     not null,
  metrics_json  jsonb       not null,
  primary key (experiment_id, model_type, origin, segment_kind, segment)
);
comment on table backtest_score is 'One row per training, model, origin and segment (all days, a horizon group, a weekday, a store type …).';

create table model_version (
  data_source_id integer not null references data_source (id),
  version        integer not null check (version > 0),
  experiment_id  varchar(64) not null references ml_experiment_registry (experiment_id),
  model_type     varchar(64) not null,
  trained_to     date    not null,
  artifact       bytea   not null,
  artifact_sha256 char(64) not null,
  metadata_json  jsonb   not null,
  created_at     timestamptz not null default now(),
  primary key (data_source_id, version)
);
comment on table model_version is
  'One row per source and model version. The artifact is kept here, so that every process on any machine serves the same bytes.';

create table model_alias (
  data_source_id integer not null,
  alias          varchar(32) not null check (alias in ('champion', 'challenger')),
  version        integer not null,
  previous_version integer,
  changed_at     timestamptz not null default now(),
  primary key (data_source_id, alias),
  foreign key (data_source_id, version) references model_version (data_source_id, version)
);
comment on table model_alias is 'One row per source and alias: which version serves (champion) and which one asks to (challenger).';
