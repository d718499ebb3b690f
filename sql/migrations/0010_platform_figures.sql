-- Loads, trainings and forecasts counted as they happen, figures that a job computes now and then, and what retention needs to
-- find old rows by.

create function count_duration(counter_name text, counter_labels jsonb, seconds double precision) returns void language sql as $$
  select
    count_up(counter_name, counter_labels || jsonb_build_object('le', coalesce((
      select min(le)::text from unnest(array[0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600]::double precision[]) as le
      where seconds <= le), '+Inf')), 1),
    count_up(counter_name, counter_labels || '{"le": "sum"}', greatest(seconds, 0))
$$;
comment on function count_duration(text, jsonb, double precision) is
  'Adds to a histogram kept as counters: one per bucket, not cumulative, and one for the sum.';

create function count_etl_run() returns trigger language plpgsql as $$
begin
  perform count_up('etl_runs_total', jsonb_build_object('status', new.status, 'load_kind', new.load_kind), 1);
  perform count_up('etl_rows_total', jsonb_build_object('outcome', 'read'), new.rows_read);
  perform count_up('etl_rows_total', jsonb_build_object('outcome', 'accepted'), new.rows_accepted);
  perform count_up('etl_rows_total', jsonb_build_object('outcome', 'rejected'), new.rows_rejected);
  perform count_up('etl_rows_total', jsonb_build_object('outcome', 'unchanged'), new.rows_unchanged);
  if new.status = 'COMPLETED' then
    perform count_duration('etl_run_seconds', '{}', extract(epoch from new.finished_at - new.started_at));
  end if;
  return null;
end
$$;
create trigger etl_run_counted after update on etl_run_registry
  for each row when (old.status = 'RUNNING' and new.status <> 'RUNNING') execute function count_etl_run();

create function count_training() returns trigger language plpgsql as $$
begin
  perform count_up('ml_trainings_total', jsonb_build_object('status', new.status), 1);
  if new.status = 'COMPLETED' then
    perform count_duration('ml_training_seconds', '{}', extract(epoch from clock_timestamp() - new.created_at));
  end if;
  return null;
end
$$;
create trigger ml_experiment_counted after update on ml_experiment_registry
  for each row when (old.status = 'RUNNING' and new.status <> 'RUNNING') execute function count_training();

create function count_forecast_run() returns trigger language plpgsql as $$
begin
  perform count_up('forecast_runs_total', jsonb_build_object('run_type', new.run_type, 'status', new.status), 1);
  return null;
end
$$;
create trigger forecast_run_counted_when_written after insert on forecast_run_registry
  for each row when (new.status <> 'RUNNING') execute function count_forecast_run();
create trigger forecast_run_counted_when_ended after update on forecast_run_registry
  for each row when (old.status = 'RUNNING' and new.status <> 'RUNNING') execute function count_forecast_run();

-- What happened before anybody counted.
select count_up('etl_runs_total', jsonb_build_object('status', status, 'load_kind', load_kind), count(*))
from etl_run_registry where status <> 'RUNNING' group by status, load_kind;
select count_up('etl_rows_total', jsonb_build_object('outcome', outcome), amount)
from (
  select sum(rows_read) as read, sum(rows_accepted) as accepted, sum(rows_rejected) as rejected, sum(rows_unchanged) as unchanged
  from etl_run_registry where status <> 'RUNNING'
) as total
cross join lateral (values ('read', read), ('accepted', accepted), ('rejected', rejected), ('unchanged', unchanged)) as o (outcome, amount)
where amount > 0;
select count_duration('etl_run_seconds', '{}', extract(epoch from finished_at - started_at))
from etl_run_registry where status = 'COMPLETED' and finished_at is not null;
select count_up('ml_trainings_total', jsonb_build_object('status', status), count(*))
from ml_experiment_registry where status <> 'RUNNING' group by status;
select count_up('forecast_runs_total', jsonb_build_object('run_type', run_type, 'status', status), count(*))
from forecast_run_registry where status <> 'RUNNING' group by run_type, status;

create table metric_gauge (
  name       varchar(128) not null,
  labels     jsonb        not null,
  value      double precision not null,
  updated_at timestamptz  not null default clock_timestamp(),
  primary key (name, labels)
);
comment on table metric_gauge is
  'One row per gauge and label set that a job computes from much data now and then, so that a scrape only reads it.';

insert into preflight_scheduler_job (job_name) values ('figures');

-- Rows are written in the order of their time, so an index of block ranges finds the old ones and costs next to nothing.
create index preflight_notification_outbox_made on preflight_notification_outbox using brin (created_at) with (pages_per_range = 32);
