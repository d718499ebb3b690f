import { sql } from "kysely";
import type { Db } from "../db.ts";

/** A thing worth telling, in the words that receivers get. */
export interface NotificationEvent {
  eventId: string;
  eventType: string;
  alertId: string;
  policyId: string;
  severity: string | null;
  sourceName: string | null;
  firingNo: number | null;
  /** fired, fired_again, repeat, resolved, test … */
  reason: string;
  payload: unknown;
  occurredAt: Date;
}

/** Events of one group for one channel. */
export interface Envelope {
  id: string;
  deliveryId: string;
  channelType: string;
  channelTarget: string;
  groupKey: string;
  maxAttempts: number;
  /** how long a first notification of the group waits for others */
  waitMs: number;
  /** shortest time since the group's last notification while it was firing */
  intervalMs: number;
  /** at least one; the first one names the envelope where it is a new one */
  events: readonly NotificationEvent[];
}

/**
 * Write events and put them into envelopes, in the transaction that made them true. An envelope of the same channel and group that
 * nobody has claimed yet takes them in; otherwise a new one is opened.
 */
export async function enqueueNotifications(trx: Db, envelopes: readonly Envelope[]): Promise<void> {
  if (envelopes.length === 0) return;
  const events = new Map(
    envelopes.flatMap((envelope) => envelope.events).map((event) => [event.eventId, event]),
  );
  await sql`
    insert into preflight_notification_event
      (event_id, event_type, alert_id, policy_id, severity, source_name, firing_no, reason, payload_json, occurred_at)
    select "eventId", "eventType", "alertId", "policyId", severity, "sourceName", "firingNo", reason, payload, "occurredAt"
    from json_to_recordset(${JSON.stringify([...events.values()])}::json) as e (
      "eventId" text, "eventType" text, "alertId" text, "policyId" text, severity text, "sourceName" text, "firingNo" integer,
      reason text, payload json, "occurredAt" timestamptz)
    on conflict (event_id) do nothing
  `.execute(trx);

  const rows = envelopes.map(({ events: [first, ...rest], ...envelope }) => ({
    ...envelope,
    ...{ ...first!, payload: null },
    members: [first!, ...rest].map(({ eventId, alertId, firingNo, eventType }) => ({
      eventId,
      alertId,
      firingNo,
      eventType,
    })),
  }));
  await sql`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (
        id text, "deliveryId" text, "eventId" text, "eventType" text, "alertId" text, "policyId" text, severity text,
        "sourceName" text, "groupKey" text, "channelType" text, "channelTarget" text, "maxAttempts" integer,
        "waitMs" double precision, "intervalMs" double precision, members jsonb)
    ),
    envelope as (
      insert into preflight_notification_outbox as o (
        id, event_id, delivery_id, event_type, alert_id, policy_id, severity, source_name, group_key, channel_type,
        channel_target, max_attempts, next_retry_at)
      select id, "eventId", "deliveryId", "eventType", "alertId", "policyId", severity, "sourceName", "groupKey", "channelType",
        "channelTarget", "maxAttempts",
        greatest(
          clock_timestamp() + make_interval(secs => "waitMs" / 1000),
          (
            select case when last.event_type = 'ALERT_FIRING' then last.sent_at + make_interval(secs => "intervalMs" / 1000) end
            from preflight_notification_outbox as last
            where last.channel_target = "channelTarget" and last.group_key = "groupKey"
              and last.status = 'SENT' and last.replayed_from_id is null
            order by last.sent_at desc limit 1
          ))
      from wanted
      order by "channelTarget", "groupKey"
      on conflict (channel_target, group_key) where sealed_at is null and status = 'PENDING'
        do update set updated_at = clock_timestamp()
      returning o.id, o.channel_target, o.group_key
    )
    insert into preflight_notification_outbox_event (outbox_id, event_id, alert_id, firing_no, event_type, channel_target)
    select e.id, m.member ->> 'eventId', m.member ->> 'alertId', (m.member ->> 'firingNo')::integer, m.member ->> 'eventType',
      e.channel_target
    from envelope as e
    join wanted as w on w."channelTarget" = e.channel_target and w."groupKey" = e.group_key
    cross join lateral jsonb_array_elements(w.members) with ordinality as m (member, position)
    order by e.id, m.position
    on conflict (event_id, channel_target) do nothing
  `.execute(trx);
}

export interface FiringOnChannel {
  alertId: string;
  firingNo: number;
  channelTarget: string;
}

/**
 * Take back what was enqueued about some firings and has not been claimed yet.
 *
 * @returns the firings whose first notice was taken back: their channels never heard of them, and need no resolve notice
 */
export async function withdrawUnsent(
  trx: Db,
  firings: readonly FiringOnChannel[],
): Promise<FiringOnChannel[]> {
  if (firings.length === 0) return [];
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(firings)}::jsonb) as w ("alertId" text, "firingNo" integer, "channelTarget" text)`;
  // Held first, so that no postman seals an envelope while it is being emptied.
  const open = await sql<{ id: string }>`
    select o.id
    from preflight_notification_outbox as o
    where o.sealed_at is null and o.status = 'PENDING' and o.id in (
      select m.outbox_id
      from ${wanted}
      join preflight_notification_outbox_event as m
        on m.alert_id = w."alertId" and m.firing_no = w."firingNo" and m.channel_target = w."channelTarget")
    order by o.id
    for update
  `.execute(trx);
  const ids = open.rows.map((row) => row.id);
  if (ids.length === 0) return [];

  const { rows } = await sql<FiringOnChannel>`
    with gone as (
      delete from preflight_notification_outbox_event as m
      using ${wanted}
      where m.outbox_id = any(${ids}::text[])
        and m.alert_id = w."alertId" and m.firing_no = w."firingNo" and m.channel_target = w."channelTarget"
      returning m.event_id, m.alert_id, m.firing_no, m.channel_target
    )
    select g.alert_id as "alertId", g.firing_no as "firingNo", g.channel_target as "channelTarget"
    from gone as g
    join preflight_notification_event as e using (event_id)
    where e.reason = 'fired'
  `.execute(trx);
  await sql`
    delete from preflight_notification_outbox as o
    where o.id = any(${ids}::text[])
      and not exists (select 1 from preflight_notification_outbox_event as m where m.outbox_id = o.id)
  `.execute(trx);
  return rows;
}

/** What a channel was told last about an alert. */
export interface NotificationLogRow {
  alertId: string;
  channelTarget: string;
  firingNo: number;
  status: "FIRING" | "RESOLVED";
  eventId: string;
  notifiedAt: Date;
}

/** What channels were told last about some alerts. */
export async function readNotificationLog(
  trx: Db,
  alertIds: readonly string[],
): Promise<NotificationLogRow[]> {
  const { rows } = await sql<NotificationLogRow>`
    select alert_id as "alertId", channel_target as "channelTarget", firing_no as "firingNo", status, event_id as "eventId",
      notified_at as "notifiedAt"
    from preflight_notification_log where alert_id = any(${[...alertIds]}::text[])
  `.execute(trx);
  return rows;
}

/** Alerts that some channel believes to be firing. */
export async function alertsToldAsFiring(trx: Db): Promise<string[]> {
  const { rows } = await sql<{ alertId: string }>`
    select distinct alert_id as "alertId" from preflight_notification_log where status = 'FIRING'
  `.execute(trx);
  return rows.map((row) => row.alertId);
}

export async function saveNotificationLog(trx: Db, entries: readonly NotificationLogRow[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into preflight_notification_log as l (alert_id, channel_target, firing_no, status, event_id, notified_at)
    select "alertId", "channelTarget", "firingNo", status, "eventId", "notifiedAt"
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e (
      "alertId" text, "channelTarget" text, "firingNo" integer, status text, "eventId" text, "notifiedAt" timestamptz)
    order by "alertId", "channelTarget"
    on conflict (alert_id, channel_target) do update set
      firing_no = excluded.firing_no, status = excluded.status, event_id = excluded.event_id, notified_at = excluded.notified_at
  `.execute(trx);
}
