-- One row per delivery attempt: how it began and, once it has ended, how.
create view v_notification_attempt as
select
  a.attempt_id,
  a.outbox_item_id,
  a.event_id,
  a.delivery_id,
  a.replayed_from_id,
  a.channel_type,
  a.channel_target,
  a.event_type,
  a.alert_id,
  a.policy_id,
  a.source_name,
  a.attempt_number,
  a.started_at,
  coalesce(o.attempt_status, 'STARTED') as attempt_status,
  o.completed_at,
  o.duration_ms,
  o.http_status,
  o.error_code,
  o.error_message_safe,
  o.response_excerpt
from preflight_notification_delivery_attempt as a
left join preflight_notification_attempt_outcome as o using (attempt_id);
comment on view v_notification_attempt is 'One row per delivery attempt: how it began and, once it has ended, how.';
