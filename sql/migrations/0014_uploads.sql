-- Deliveries that came in by the API: stored whole first, then examined and loaded in the background.

create table data_upload (
  upload_id      varchar(64)  primary key,
  data_source_id integer      not null references data_source (id),
  created_at     timestamptz  not null default now(),
  created_by     varchar(128) not null,
  status         varchar(16)  not null check (status in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  attempt        integer      not null default 1 check (attempt > 0),
  load_kind      varchar(16)  not null check (load_kind in ('full', 'incremental')),
  preflight_mode varchar(32)  not null check (preflight_mode in ('off', 'report_only', 'enforce')),
  files_json     jsonb        not null,
  has_files      boolean      not null default true,
  progress_json  jsonb,
  started_at     timestamptz,
  heartbeat_at   timestamptz,
  finished_at    timestamptz,
  etl_run_id     varchar(64),
  result_json    jsonb,
  error_code     varchar(64),
  error_message  text
);
comment on table data_upload is 'One row per delivery that came in by the API. A delivery that broke off leaves none.';
comment on column data_upload.files_json is 'What was delivered: for each file its kind, the name it came with, size and SHA-256.';
comment on column data_upload.has_files is 'The files are still there, so that it can be tried again.';
comment on column data_upload.heartbeat_at is 'Renewed while the load works; a RUNNING row whose heartbeat has stopped belongs to a killed process.';
comment on column data_upload.etl_run_id is 'The load of the last attempt; its preflight has the same run id.';
create index data_upload_by_source on data_upload (data_source_id, created_at desc, upload_id);
create index data_upload_unfinished on data_upload (status) where status in ('QUEUED', 'RUNNING');
