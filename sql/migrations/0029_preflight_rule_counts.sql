-- How often each rule was broken, kept per day as outcomes come and go: the rules that break most over years are found among some
-- thousand rows.

create table preflight_rule_count (
  bucket_start   timestamptz  not null,
  rule_id        varchar(128) not null,
  rule_type      varchar(64)  not null,
  severity       varchar(16)  not null,
  status         varchar(16)  not null,
  source_name    varchar(16)  not null,
  data_source_id integer,
  mode           varchar(32)  not null,
  final_status   varchar(16)  not null,
  outcomes       integer      not null,
  constraint preflight_rule_count_once unique nulls not distinct
    (bucket_start, rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status)
);
comment on table preflight_rule_count is
  'One row per day (UTC), rule and way in which it was broken; kept by triggers on preflight_rule_outcome.';

create function keep_preflight_rule_count() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from preflight_rule_count;
    return null;
  end if;
  if tg_op in ('DELETE', 'UPDATE') then
    update preflight_rule_count as c
    set outcomes = c.outcomes - gone.outcomes
    from (
      select
        date_trunc('day', created_at, 'UTC') as bucket_start, rule_id, rule_type, severity, status, source_name, data_source_id,
        mode, final_status, count(*) as outcomes
      from removed where status in ('WARN', 'FAIL', 'ERROR')
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    ) as gone
    where (c.bucket_start, c.rule_id, c.rule_type, c.severity, c.status, c.source_name, c.mode, c.final_status)
        = (gone.bucket_start, gone.rule_id, gone.rule_type, gone.severity, gone.status, gone.source_name, gone.mode, gone.final_status)
      and c.data_source_id is not distinct from gone.data_source_id;
    delete from preflight_rule_count where outcomes = 0;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    insert into preflight_rule_count as c
      (bucket_start, rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status, outcomes)
    select
      date_trunc('day', created_at, 'UTC'), rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status,
      count(*)
    from added where status in ('WARN', 'FAIL', 'ERROR')
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    -- Two that write at once take the rows in one order.
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9
    on conflict on constraint preflight_rule_count_once do update set outcomes = c.outcomes + excluded.outcomes;
  end if;
  return null;
end
$$;
create trigger preflight_rule_outcome_kept_count_added after insert on preflight_rule_outcome
  referencing new table as added for each statement execute function keep_preflight_rule_count();
create trigger preflight_rule_outcome_kept_count_changed after update on preflight_rule_outcome
  referencing old table as removed new table as added for each statement execute function keep_preflight_rule_count();
create trigger preflight_rule_outcome_kept_count_removed after delete on preflight_rule_outcome
  referencing old table as removed for each statement execute function keep_preflight_rule_count();
create trigger preflight_rule_outcome_kept_count_emptied after truncate on preflight_rule_outcome
  for each statement execute function keep_preflight_rule_count();

insert into preflight_rule_count
select
  date_trunc('day', created_at, 'UTC'), rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status, count(*)
from preflight_rule_outcome where status in ('WARN', 'FAIL', 'ERROR')
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
