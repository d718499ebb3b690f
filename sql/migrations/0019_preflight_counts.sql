-- How many examined files ended how, kept per day and per hour as they come and go: a question over years reads some thousand
-- rows, and only the cut-off ends of its window are counted from the registry itself.

create table preflight_run_count (
  width          varchar(4)   not null check (width in ('day', 'hour')),
  bucket_start   timestamptz  not null,
  source_name    varchar(16)  not null,
  data_source_id integer,
  mode           varchar(32)  not null,
  final_status   varchar(32)  not null,
  files          integer      not null,
  blocked        integer      not null,
  used_unified   integer      not null,
  constraint preflight_run_count_once
    unique nulls not distinct (width, bucket_start, source_name, data_source_id, mode, final_status)
);
comment on table preflight_run_count is
  'One row per day or hour (UTC), file, data source, mode and verdict that preflight runs had; kept by triggers on preflight_run_registry.';

create function keep_preflight_run_count() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from preflight_run_count;
    return null;
  end if;
  if tg_op in ('DELETE', 'UPDATE') then
    update preflight_run_count as c
    set files = c.files - gone.files, blocked = c.blocked - gone.blocked, used_unified = c.used_unified - gone.used_unified
    from (
      select
        width, date_trunc(width, created_at, 'UTC') as bucket_start, source_name, data_source_id, mode, final_status,
        count(*) as files, count(*) filter (where blocked) as blocked, count(*) filter (where used_unified) as used_unified
      from removed, unnest(array['day', 'hour']) as width
      group by 1, 2, 3, 4, 5, 6
    ) as gone
    where (c.width, c.bucket_start, c.source_name, c.mode, c.final_status)
        = (gone.width, gone.bucket_start, gone.source_name, gone.mode, gone.final_status)
      and c.data_source_id is not distinct from gone.data_source_id;
    delete from preflight_run_count where files = 0;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    insert into preflight_run_count as c
      (width, bucket_start, source_name, data_source_id, mode, final_status, files, blocked, used_unified)
    select
      width, date_trunc(width, created_at, 'UTC'), source_name, data_source_id, mode, final_status,
      count(*), count(*) filter (where blocked), count(*) filter (where used_unified)
    from added, unnest(array['day', 'hour']) as width
    group by 1, 2, 3, 4, 5, 6
    -- Two that write at once take the rows in one order.
    order by 1, 2, 3, 4, 5, 6
    on conflict on constraint preflight_run_count_once do update
    set files = c.files + excluded.files, blocked = c.blocked + excluded.blocked,
      used_unified = c.used_unified + excluded.used_unified;
  end if;
  return null;
end
$$;
create trigger preflight_run_registry_kept_count_added after insert on preflight_run_registry
  referencing new table as added for each statement execute function keep_preflight_run_count();
create trigger preflight_run_registry_kept_count_changed after update on preflight_run_registry
  referencing old table as removed new table as added for each statement execute function keep_preflight_run_count();
create trigger preflight_run_registry_kept_count_removed after delete on preflight_run_registry
  referencing old table as removed for each statement execute function keep_preflight_run_count();
create trigger preflight_run_registry_kept_count_emptied after truncate on preflight_run_registry
  for each statement execute function keep_preflight_run_count();

insert into preflight_run_count
select
  width, date_trunc(width, created_at, 'UTC'), source_name, data_source_id, mode, final_status,
  count(*), count(*) filter (where blocked), count(*) filter (where used_unified)
from preflight_run_registry, unnest(array['day', 'hour']) as width
group by 1, 2, 3, 4, 5, 6;
