-- Questions over many preflight runs (how often, when, which rules) are answered from indexes alone: the outcome of a rule
-- carries what its run is filtered by, since it never changes afterwards.

alter table preflight_rule_outcome
  add column data_source_id integer,
  add column mode           varchar(32),
  add column final_status   varchar(16);

update preflight_rule_outcome as o
set data_source_id = r.data_source_id, mode = r.mode, final_status = r.final_status
from preflight_run_registry as r
where r.run_id = o.run_id and r.source_name = o.source_name;

alter table preflight_rule_outcome
  alter column mode set not null,
  alter column final_status set not null;
comment on column preflight_rule_outcome.final_status is 'Verdict of the run, repeated here to be filtered by.';

create index preflight_run_registry_for_counting on preflight_run_registry (created_at)
  include (source_name, data_source_id, mode, final_status, blocked, used_unified);
create index preflight_rule_outcome_for_counting on preflight_rule_outcome (created_at)
  include (rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status)
  where status in ('WARN', 'FAIL', 'ERROR');
create index preflight_rule_outcome_by_rule on preflight_rule_outcome (rule_id, rule_type, severity, created_at desc)
  where status in ('WARN', 'FAIL', 'ERROR');

create table signing_secret (
  purpose    varchar(64) primary key,
  secret     bytea       not null check (length(secret) >= 32),
  created_at timestamptz not null default now()
);
comment on table signing_secret is 'One row per purpose for which links are signed; made when it is first needed.';
