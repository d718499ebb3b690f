-- What the clerk at the door found: one verdict per run and file, one outcome per rule.

create table preflight_run_registry (
  run_id                 varchar(64) not null,
  source_name            varchar(16) not null check (source_name in ('train', 'store', 'future')),
  created_at             timestamptz not null default now(),
  mode                   varchar(32) not null check (mode in ('off', 'report_only', 'enforce')),
  validation_status      varchar(32) not null check (validation_status in ('PASS', 'WARN', 'FAIL', 'SKIPPED', 'ERROR')),
  semantic_status        varchar(32) not null check (semantic_status in ('PASS', 'WARN', 'FAIL', 'SKIPPED', 'ERROR')),
  final_status           varchar(32) not null check (final_status in ('PASS', 'WARN', 'FAIL', 'SKIPPED', 'ERROR')),
  used_input_path        text        not null,
  used_unified           boolean     not null default false,
  artifact_dir           text,
  validation_report_path text,
  manifest_path          text,
  summary_json           jsonb       not null default '{}',
  blocked                boolean     not null default false,
  block_reason           text,
  data_source_id         integer     references data_source (id),
  contract_id            varchar(128),
  contract_version       varchar(64),
  constraint pk_preflight_run_registry primary key (run_id, source_name),
  constraint preflight_block_reason_only_when_blocked check (blocked or block_reason is null)
);
comment on table preflight_run_registry is 'One row per preflight run and file that was checked.';
create index preflight_run_registry_newest on preflight_run_registry (created_at desc, run_id, source_name);
create index preflight_run_registry_by_source on preflight_run_registry (source_name, created_at desc);
create index preflight_run_registry_by_data_source on preflight_run_registry (data_source_id, created_at desc);

create table preflight_rule_outcome (
  run_id       varchar(64)  not null,
  source_name  varchar(16)  not null,
  rule_id      varchar(128) not null,
  rule_type    varchar(64)  not null,
  severity     varchar(16)  not null,
  status       varchar(16)  not null check (status in ('PASS', 'WARN', 'FAIL', 'SKIPPED', 'ERROR')),
  failed_count bigint       not null default 0 check (failed_count >= 0),
  message      text,
  created_at   timestamptz  not null default now(),
  primary key (run_id, source_name, rule_id),
  foreign key (run_id, source_name) references preflight_run_registry (run_id, source_name) on delete cascade
);
comment on table preflight_rule_outcome is 'One row per preflight run, file and rule that was checked.';
comment on column preflight_rule_outcome.failed_count is 'Rows of the file that break the rule, counted exactly.';
create index preflight_rule_outcome_newest on preflight_rule_outcome (created_at desc, rule_id);

create function count_preflight_runs() returns trigger language plpgsql as $$
begin
  perform count_up(
    'preflight_runs_total',
    jsonb_build_object('final_status', final_status, 'mode', mode, 'source_name', source_name),
    count(*))
  from added group by final_status, mode, source_name order by final_status, mode, source_name;
  perform count_up('preflight_blocked_total', jsonb_build_object('source_name', source_name), count(*))
  from added where blocked group by source_name order by source_name;
  return null;
end
$$;
create trigger preflight_run_registry_counted after insert on preflight_run_registry
  referencing new table as added for each statement execute function count_preflight_runs();
