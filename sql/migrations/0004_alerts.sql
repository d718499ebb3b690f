-- The bell room's memory: which figure deserves a call (alert state, history), what keeps it quiet (silence, acknowledgement),
-- what was said to whom (event, outbox, attempt), and who may ring (lease, job).

-- ---------------------------------------------------------------------------------------------- counters that never fall

create table metric_counter (
  name   varchar(128) not null,
  labels jsonb        not null,
  shard  smallint     not null,
  value  double precision not null default 0 check (value >= 0),
  primary key (name, labels, shard)
);
comment on table metric_counter is
  'One row per counter, label set and shard. The counter is the sum over its shards; it grows in the transaction that it counts, and no retention job lowers it.';
comment on column metric_counter.shard is 'Spreads writers over several rows, so that two transactions seldom wait for each other.';

create function count_up(counter_name text, counter_labels jsonb, amount double precision) returns void language sql as $$
  insert into metric_counter as c (name, labels, shard, value)
  values (counter_name, counter_labels, (pg_backend_pid() % 64)::smallint, amount)
  on conflict (name, labels, shard) do update set value = c.value + excluded.value
$$;
comment on function count_up(text, jsonb, double precision) is 'Adds to a counter of metric_counter inside the caller''s transaction.';

create function refuse_update() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: its rows are never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;

-- ------------------------------------------------------------------------------------------------------------- alerts

create table preflight_alert_state (
  alert_id                varchar(160) primary key,
  policy_id               varchar(128) not null,
  labels_json             jsonb        not null default '{}',
  status                  varchar(16)  not null check (status in ('OK', 'PENDING', 'FIRING', 'RESOLVED')),
  severity                varchar(16)  not null check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  source_name             varchar(16),
  firing_no               integer      not null default 0 check (firing_no >= 0),
  first_seen_at           timestamptz,
  fired_at                timestamptz,
  clear_since             timestamptz,
  resolved_at             timestamptz,
  last_seen_at            timestamptz,
  last_evaluated_at       timestamptz  not null,
  consecutive_breaches    integer      not null default 0,
  current_value           double precision,
  threshold               double precision,
  message                 text         not null default '',
  evaluation_context_json jsonb        not null default '{}',
  policy_snapshot_json    jsonb        not null default '{}',
  updated_at              timestamptz  not null default now()
);
comment on table preflight_alert_state is 'One row per alert, that is per policy and label set, that was ever pending; its present state and timers.';
comment on column preflight_alert_state.first_seen_at is 'When the condition became true and stayed so: the start of the "for" timer.';
comment on column preflight_alert_state.clear_since is 'While firing: since when the condition no longer holds, the start of the "keep_firing_for" timer.';
comment on column preflight_alert_state.firing_no is 'How many times this alert has begun to fire; acknowledgements and notices belong to one firing.';
create index preflight_alert_state_active on preflight_alert_state (status, last_seen_at desc) where status in ('PENDING', 'FIRING');
create index preflight_alert_state_by_policy on preflight_alert_state (policy_id);

create table preflight_alert_history (
  id                      bigint generated always as identity primary key,
  alert_id                varchar(160) not null,
  policy_id               varchar(128) not null,
  labels_json             jsonb        not null default '{}',
  previous_status         varchar(16),
  status                  varchar(16)  not null check (status in ('OK', 'PENDING', 'FIRING', 'RESOLVED')),
  reason                  varchar(32)  not null,
  severity                varchar(16)  not null,
  source_name             varchar(16),
  firing_no               integer      not null,
  first_seen_at           timestamptz,
  last_seen_at            timestamptz,
  resolved_at             timestamptz,
  current_value           double precision,
  threshold               double precision,
  message                 text         not null default '',
  evaluation_context_json jsonb        not null default '{}',
  policy_snapshot_json    jsonb        not null default '{}',
  created_at              timestamptz  not null default now()
);
comment on table preflight_alert_history is 'One row per transition of an alert, with the policy as it was then. Append-only.';
create index preflight_alert_history_newest on preflight_alert_history (created_at);
create index preflight_alert_history_by_alert on preflight_alert_history (alert_id, id desc);
create index preflight_alert_history_by_policy on preflight_alert_history (policy_id, id desc);
create trigger preflight_alert_history_append_only before update on preflight_alert_history
  for each row execute function refuse_update();

create table preflight_alert_silence (
  silence_id    varchar(64)  primary key,
  policy_id     varchar(128),
  source_name   varchar(16),
  severity      varchar(16)  check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  rule_id       varchar(128),
  matchers_json jsonb        not null default '[]',
  starts_at     timestamptz  not null,
  ends_at       timestamptz  not null,
  reason        text         not null default '',
  created_by    varchar(128) not null,
  created_at    timestamptz  not null default now(),
  expired_at    timestamptz,
  constraint silence_ends_after_its_start check (ends_at > starts_at)
);
comment on table preflight_alert_silence is 'One row per silence: a span of time in which matching alerts send no notifications. Their state is not touched.';
comment on column preflight_alert_silence.matchers_json is
  'All matchers, also those of the four columns: [{"name","operator","value"}], operator =, !=, =~ or !~.';
create index preflight_alert_silence_open on preflight_alert_silence (ends_at) where expired_at is null;
create index preflight_alert_silence_newest on preflight_alert_silence (created_at desc, silence_id);

create table preflight_alert_acknowledgement (
  alert_id        varchar(160) primary key,
  firing_no       integer      not null,
  acknowledged_by varchar(128) not null,
  acknowledged_at timestamptz  not null,
  note            text,
  expires_at      timestamptz,
  cleared_at      timestamptz,
  cleared_by      varchar(128),
  updated_at      timestamptz  not null
);
comment on table preflight_alert_acknowledgement is 'One row per alert that was ever acknowledged: the last acknowledgement. It belongs to one firing and is cleared when that ends.';

create table preflight_alert_audit_event (
  event_id     bigint generated always as identity primary key,
  alert_id     varchar(160) not null,
  event_type   varchar(32)  not null,
  actor        varchar(128) not null,
  event_at     timestamptz  not null default clock_timestamp(),
  payload_json jsonb        not null default '{}'
);
comment on table preflight_alert_audit_event is 'One row per thing that happened to an alert or that a person did to one. Append-only.';
create index preflight_alert_audit_event_newest on preflight_alert_audit_event (event_at);
create index preflight_alert_audit_event_by_alert on preflight_alert_audit_event (alert_id, event_id desc);
create trigger preflight_alert_audit_event_append_only before update on preflight_alert_audit_event
  for each row execute function refuse_update();

create sequence preflight_alert_evaluation_no;
comment on sequence preflight_alert_evaluation_no is 'Numbers evaluations as they begin, so that one that ends late cannot overwrite a newer one, whatever the clocks say.';

create table preflight_alert_policy_health (
  policy_id         varchar(128) primary key,
  evaluation_no     bigint       not null,
  health            varchar(16)  not null check (health in ('ok', 'no_data', 'error')),
  last_error        text,
  last_evaluated_at timestamptz  not null,
  last_duration_ms  double precision not null
);
comment on table preflight_alert_policy_health is 'One row per policy: how its last evaluation went. An evaluation error shows here and changes no alert.';

-- --------------------------------------------------------------------------------------------------------- schedulers

create table preflight_alert_scheduler_lease (
  lease_name   varchar(128) primary key,
  owner_id     varchar(128) not null,
  term         bigint       not null check (term > 0),
  acquired_at  timestamptz  not null,
  heartbeat_at timestamptz  not null,
  expires_at   timestamptz  not null,
  updated_at   timestamptz  not null
);
comment on table preflight_alert_scheduler_lease is 'One row per lease: who may do the work that only one may do at a time.';
comment on column preflight_alert_scheduler_lease.term is
  'Fencing token: grows at every takeover; a write that carries an old term is refused.';

create table preflight_scheduler_job (
  job_name         varchar(128) primary key,
  created_at       timestamptz  not null default now(),
  last_slot        bigint,
  last_started_at  timestamptz,
  last_success_at  timestamptz,
  last_failure_at  timestamptz,
  last_error       text,
  last_duration_ms double precision,
  last_owner       varchar(128)
);
comment on table preflight_scheduler_job is 'One row per scheduled job. Without last_started_at no worker has ever run it.';
comment on column preflight_scheduler_job.last_slot is 'Start of the last interval that somebody began to work on, in milliseconds since 1970: each is begun once.';
insert into preflight_scheduler_job (job_name) values ('alerts'), ('notifications'), ('retention');

-- ------------------------------------------------------------------------------------------------------ notifications

create table preflight_notification_event (
  event_id     varchar(64)  primary key,
  event_type   varchar(64)  not null check (event_type in ('ALERT_FIRING', 'ALERT_RESOLVED')),
  alert_id     varchar(160) not null,
  policy_id    varchar(128) not null,
  severity     varchar(16),
  source_name  varchar(16),
  firing_no    integer,
  reason       varchar(32)  not null,
  payload_json json         not null,
  occurred_at  timestamptz  not null,
  created_at   timestamptz  not null default now()
);
comment on table preflight_notification_event is 'One row per thing worth telling, written in the transaction that made it true.';
create index preflight_notification_event_newest on preflight_notification_event (created_at desc);

create table preflight_notification_outbox (
  id               varchar(64)  primary key,
  sequence         bigint generated always as identity,
  event_id         varchar(64)  not null,
  delivery_id      varchar(64)  not null,
  replayed_from_id varchar(64)  references preflight_notification_outbox (id) on delete set null,
  replayed_as_id   varchar(64),
  event_type       varchar(64)  not null,
  alert_id         varchar(160) not null,
  policy_id        varchar(128) not null,
  severity         varchar(16),
  source_name      varchar(16),
  group_key        varchar(256) not null,
  payload_json     json,
  channel_type     varchar(32)  not null check (channel_type in ('webhook', 'slack', 'email', 'log')),
  channel_target   varchar(128) not null,
  status           varchar(16)  not null default 'PENDING' check (status in ('PENDING', 'RETRYING', 'SENT', 'DEAD', 'FAILED')),
  attempt_count    integer      not null default 0 check (attempt_count >= 0),
  max_attempts     integer      not null check (max_attempts >= 1),
  next_retry_at    timestamptz  not null,
  lease_owner      varchar(128),
  lease_until      timestamptz,
  due_at           timestamptz  not null generated always as (greatest(next_retry_at, lease_until)) stored,
  sealed_at        timestamptz,
  last_error       text,
  last_http_status integer,
  last_error_code  varchar(64),
  created_at       timestamptz  not null default now(),
  updated_at       timestamptz  not null default now(),
  sent_at          timestamptz
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
comment on table preflight_notification_outbox is
  'One row per notification and channel: an envelope with one event or, where the channel groups, several. The delivery queue.';
comment on column preflight_notification_outbox.sealed_at is
  'First claim. Before it more events of the group may join; afterwards the contents never change, also when replayed.';
comment on column preflight_notification_outbox.event_id is 'Receivers de-duplicate on it: the same over retries and replays.';
comment on column preflight_notification_outbox.delivery_id is 'Id of the last attempt''s delivery; a new one for every attempt.';
comment on column preflight_notification_outbox.due_at is 'When the row may be claimed: its retry is due and nobody holds a lease on it.';
create function outbox_state(status varchar, replayed_as_id varchar) returns varchar immutable language sql as $$
  select case
    when status in ('PENDING', 'RETRYING') then 'pending'
    when status = 'DEAD' and replayed_as_id is null then 'dead'
  end
$$;

create function is_waiting(status varchar) returns boolean immutable language sql as $$
  select case when status in ('PENDING', 'RETRYING') then true else false end
$$;
comment on function is_waiting(varchar) is
  'Three ways of saying "unfinished" keep three questions on the index made for each: when nearly all rows are sent, the planner takes every index of waiting rows for empty and would choose among them by chance.';

create index preflight_notification_outbox_due on preflight_notification_outbox (channel_target, due_at, sequence)
  where status in ('PENDING', 'RETRYING');
create index preflight_notification_outbox_in_order on preflight_notification_outbox (channel_target, group_key, sequence)
  where outbox_state(status, replayed_as_id) = 'pending';
comment on index preflight_notification_outbox_in_order is 'Is there an earlier one of its group?';
create unique index preflight_notification_outbox_open on preflight_notification_outbox (channel_target, group_key)
  where sealed_at is null and status = 'PENDING';
comment on index preflight_notification_outbox_open is 'At most one open envelope per channel and group.';
create unique index preflight_notification_outbox_one_replay on preflight_notification_outbox (replayed_from_id)
  where replayed_from_id is not null;
comment on index preflight_notification_outbox_one_replay is 'A row is replayed at most once; a replay that died is replayed itself.';
create index preflight_notification_outbox_last_of_group on preflight_notification_outbox (channel_target, group_key, sent_at desc)
  where status = 'SENT' and replayed_from_id is null;
create index preflight_notification_outbox_oldest_pending on preflight_notification_outbox (created_at)
  where is_waiting(status);
create index preflight_notification_outbox_dead on preflight_notification_outbox (created_at desc, id)
  where status = 'DEAD' and replayed_as_id is null;
create unique index preflight_notification_outbox_newest on preflight_notification_outbox (sequence);
create index preflight_notification_outbox_by_alert on preflight_notification_outbox (alert_id, created_at desc);

create table preflight_notification_outbox_count (
  state varchar(16) not null check (state in ('pending', 'dead')),
  shard smallint    not null,
  value bigint      not null,
  primary key (state, shard)
);
comment on table preflight_notification_outbox_count is
  'One row per state and shard: how many notifications wait (pending) or were given up and not replayed (dead), so that nobody counts the outbox.';

create table preflight_notification_outbox_event (
  outbox_id      varchar(64)  not null references preflight_notification_outbox (id) on delete cascade,
  position       bigint generated always as identity,
  event_id       varchar(64)  not null references preflight_notification_event (event_id),
  alert_id       varchar(160) not null,
  firing_no      integer,
  event_type     varchar(64)  not null,
  channel_target varchar(128) not null,
  primary key (outbox_id, event_id)
);
comment on table preflight_notification_outbox_event is 'One row per envelope and event in it, in the order of joining.';
create index preflight_notification_outbox_event_of_firing
  on preflight_notification_outbox_event (alert_id, channel_target, firing_no);
create unique index preflight_notification_outbox_event_once on preflight_notification_outbox_event (event_id, channel_target);
comment on index preflight_notification_outbox_event_once is 'An event goes to a channel in one envelope only.';

create table preflight_notification_log (
  alert_id       varchar(160) not null,
  channel_target varchar(128) not null,
  firing_no      integer      not null,
  status         varchar(16)  not null check (status in ('FIRING', 'RESOLVED')),
  event_id       varchar(64)  not null,
  notified_at    timestamptz  not null,
  primary key (alert_id, channel_target)
);
comment on table preflight_notification_log is 'One row per alert and channel: what that channel was told last. Keeps a channel from hearing the same twice.';

create table preflight_notification_delivery_attempt (
  attempt_id       varchar(64)  primary key,
  outbox_item_id   varchar(64)  not null,
  event_id         varchar(64)  not null,
  delivery_id      varchar(64)  not null,
  replayed_from_id varchar(64),
  channel_type     varchar(32)  not null,
  channel_target   varchar(128) not null,
  event_type       varchar(64)  not null,
  alert_id         varchar(160) not null,
  policy_id        varchar(128) not null,
  source_name      varchar(16),
  attempt_number   integer      not null check (attempt_number >= 1),
  owner            varchar(128) not null,
  started_at       timestamptz  not null default clock_timestamp()
);
comment on table preflight_notification_delivery_attempt is
  'One row per attempt that was begun. Append-only; how it ended stands in preflight_notification_attempt_outcome.';
create index preflight_notification_attempt_newest on preflight_notification_delivery_attempt (started_at, attempt_id);
create index preflight_notification_attempt_of_item on preflight_notification_delivery_attempt (outbox_item_id, attempt_number);
create trigger preflight_notification_attempt_append_only before update on preflight_notification_delivery_attempt
  for each row execute function refuse_update();

create table preflight_notification_attempt_outcome (
  attempt_id         varchar(64) primary key references preflight_notification_delivery_attempt (attempt_id) on delete cascade,
  attempt_status     varchar(16) not null check (attempt_status in ('SENT', 'RETRY', 'DEAD', 'FAILED')),
  channel_target     varchar(128) not null,
  event_type         varchar(64)  not null,
  completed_at       timestamptz not null default clock_timestamp(),
  duration_ms        integer     not null check (duration_ms >= 0),
  http_status        integer,
  error_code         varchar(64),
  error_message_safe varchar(512),
  response_excerpt   text
);
comment on table preflight_notification_attempt_outcome is 'One row per attempt that has ended. Append-only. An attempt without one is under way, or its process died.';
create trigger preflight_notification_outcome_append_only before update on preflight_notification_attempt_outcome
  for each row execute function refuse_update();

create table preflight_notification_endpoint (
  channel_target       varchar(128) primary key,
  consecutive_failures integer      not null default 0,
  first_failure_at     timestamptz,
  last_success_at      timestamptz,
  last_failure_at      timestamptz,
  open_until           timestamptz,
  disabled_at          timestamptz,
  disabled_reason      text,
  updated_at           timestamptz  not null default now()
);
comment on table preflight_notification_endpoint is 'One row per channel that was ever used: its health.';
comment on column preflight_notification_endpoint.open_until is
  'The circuit is open: until then nothing is sent, and then one delivery at a time until one succeeds.';
comment on column preflight_notification_endpoint.disabled_at is
  'The endpoint said 410, or has not succeeded for days: nothing is sent until a person enables it again. Its notifications wait.';

-- ------------------------------------------------------------------------------------- what is counted, as it happens

create function count_alert_transitions() returns trigger language plpgsql as $$
begin
  perform count_up('preflight_alert_transitions_total', jsonb_build_object('event_type', status), count(*))
  from added group by status order by status;
  return null;
end
$$;
create trigger preflight_alert_history_counted after insert on preflight_alert_history
  referencing new table as added for each statement execute function count_alert_transitions();

create function count_alert_actions() returns trigger language plpgsql as $$
begin
  perform count_up('preflight_alert_actions_total', jsonb_build_object('event_type', event_type), count(*))
  from added where event_type not in ('OK', 'PENDING', 'FIRING', 'RESOLVED') group by event_type order by event_type;
  return null;
end
$$;
create trigger preflight_alert_audit_event_counted after insert on preflight_alert_audit_event
  referencing new table as added for each statement execute function count_alert_actions();

create function count_attempts_started() returns trigger language plpgsql as $$
begin
  perform count_up(
    'preflight_notifications_attempts_total',
    jsonb_build_object('attempt_status', 'STARTED', 'channel_target', channel_target, 'event_type', event_type),
    count(*))
  from added group by channel_target, event_type order by channel_target, event_type;
  return null;
end
$$;
create trigger preflight_notification_attempt_counted after insert on preflight_notification_delivery_attempt
  referencing new table as added for each statement execute function count_attempts_started();

create function count_attempts_ended() returns trigger language plpgsql as $$
begin
  perform count_up(
    'preflight_notifications_attempts_total',
    jsonb_build_object('attempt_status', attempt_status, 'channel_target', channel_target, 'event_type', event_type),
    count(*))
  from added group by attempt_status, channel_target, event_type order by attempt_status, channel_target, event_type;

  perform count_up(
    'preflight_notifications_delivery_latency_ms',
    jsonb_build_object('attempt_status', attempt_status, 'channel_target', channel_target, 'le', bucket),
    amount)
  from (
    select attempt_status, channel_target, coalesce(bucket.le::text, '+Inf') as bucket, count(*)::double precision as amount
    from added
    cross join lateral (
      select min(le) as le from unnest(array[50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000]) as le where duration_ms <= le
    ) as bucket
    group by 1, 2, 3
    union all
    select attempt_status, channel_target, 'sum', sum(duration_ms) from added group by 1, 2
  ) as durations
  order by attempt_status, channel_target, bucket;
  return null;
end
$$;
create trigger preflight_notification_outcome_counted after insert on preflight_notification_attempt_outcome
  referencing new table as added for each statement execute function count_attempts_ended();

create function count_outbox_inserted() returns trigger language plpgsql as $$
begin
  insert into preflight_notification_outbox_count as c (state, shard, value)
  select outbox_state(status, replayed_as_id), (pg_backend_pid() % 64)::smallint, count(*)
  from added where outbox_state(status, replayed_as_id) is not null group by 1 order by 1
  on conflict (state, shard) do update set value = c.value + excluded.value;
  return null;
end
$$;
create function count_outbox_deleted() returns trigger language plpgsql as $$
begin
  insert into preflight_notification_outbox_count as c (state, shard, value)
  select outbox_state(status, replayed_as_id), (pg_backend_pid() % 64)::smallint, -count(*)
  from removed where outbox_state(status, replayed_as_id) is not null group by 1 order by 1
  on conflict (state, shard) do update set value = c.value + excluded.value;
  return null;
end
$$;
create function count_outbox_changed() returns trigger language plpgsql as $$
begin
  insert into preflight_notification_outbox_count as c (state, shard, value)
  select state, (pg_backend_pid() % 64)::smallint, sum(change)
  from (
    select outbox_state(status, replayed_as_id) as state, 1 as change from added
    union all
    select outbox_state(status, replayed_as_id), -1 from removed
  ) as changes
  where state is not null group by state having sum(change) <> 0 order by state
  on conflict (state, shard) do update set value = c.value + excluded.value;
  return null;
end
$$;
create trigger preflight_notification_outbox_count_inserted after insert on preflight_notification_outbox
  referencing new table as added for each statement execute function count_outbox_inserted();
create trigger preflight_notification_outbox_count_deleted after delete on preflight_notification_outbox
  referencing old table as removed for each statement execute function count_outbox_deleted();
create trigger preflight_notification_outbox_count_changed after update on preflight_notification_outbox
  referencing old table as removed new table as added for each statement execute function count_outbox_changed();

create function count_replays() returns trigger language plpgsql as $$
begin
  perform count_up('preflight_notifications_replays_total', '{}', count(*))
  from added where replayed_from_id is not null having count(*) > 0;
  return null;
end
$$;
create trigger preflight_notification_outbox_counted after insert on preflight_notification_outbox
  referencing new table as added for each statement execute function count_replays();
