import { sql } from "kysely";
import type { Db } from "../db.ts";

/** How many deliveries of one channel may be taken. */
export interface Quota {
  channelTarget: string;
  limit: number;
}

/** A notification that this process, and no other, delivers until its lease ends. */
export interface ClaimedDelivery {
  id: string;
  attemptId: string;
  deliveryId: string;
  eventId: string;
  eventType: string;
  alertId: string;
  replayedFromId: string | null;
  channelTarget: string;
  groupKey: string;
  /** 1 for the first */
  attempt: number;
  /** JSON object, serialised once */
  payload: string;
  createdAt: Date;
}

export interface ClaimOptions {
  ownerId: string;
  leaseMs: number;
  quotas: readonly Quota[];
  /** at most so many in all; default: what the quotas allow */
  limit?: number;
  /** failures in a row after which an endpoint gets one delivery at a time */
  opensAfter: number;
  /** makes the contents of an envelope from its events, in the order of joining; called once per envelope */
  compose: (eventId: string, groupKey: string, events: unknown[]) => string;
}

export interface Claim {
  deliveries: ClaimedDelivery[];
  /** attempts of other processes whose lease ran out: they are ended as FAILED here */
  abandoned: number;
}

interface ClaimedRow extends Omit<ClaimedDelivery, "payload"> {
  payload: string | null;
  previousOwner: string | null;
}

/**
 * Take due deliveries, at most the quota of each channel, the longest due first, and begin an attempt for each. Rows that another
 * process is claiming are passed over. Notifications of one channel and group go out in order: one waits while an earlier one is
 * unfinished. Nothing is taken for an endpoint that is disabled, or whose circuit is open.
 */
export async function claimDeliveries(db: Db, options: ClaimOptions): Promise<Claim> {
  if (options.quotas.every(({ limit }) => limit <= 0)) return { deliveries: [], abandoned: 0 };
  return db.transaction().execute(async (trx) => {
    const { quotas, probes } = await openQuotas(trx, options);
    if (quotas.length === 0) return { deliveries: [], abandoned: 0 };
    const rows = await takeRows(trx, quotas, options);
    const probed = new Set(rows.map((row) => row.channelTarget));
    await holdForProbe(
      trx,
      probes.filter((channel) => probed.has(channel)),
      options.leaseMs,
    );
    const sealed = await sealNew(trx, rows, options.compose);
    const abandoned = await beginAttempts(trx, sealed, options.ownerId);
    return { deliveries: sealed, abandoned };
  });
}

/**
 * Quotas that the endpoints' health leaves: one delivery, the probe, for an endpoint whose circuit may close again. Its row is held
 * until the claim is made, so that of several dispatchers one probes.
 */
async function openQuotas(trx: Db, options: ClaimOptions): Promise<{ quotas: Quota[]; probes: string[] }> {
  const wanted = options.quotas.filter(({ limit }) => limit > 0);
  const { rows } = await sql<{ channelTarget: string; isShut: boolean }>`
    select channel_target as "channelTarget",
      disabled_at is not null or coalesce(open_until > clock_timestamp(), false) as "isShut"
    from preflight_notification_endpoint
    where channel_target = any(${wanted.map(({ channelTarget }) => channelTarget)}::text[])
      and (disabled_at is not null or consecutive_failures >= ${options.opensAfter}::integer)
    order by channel_target
    for update
  `.execute(trx);
  const suspect = new Map(rows.map((row) => [row.channelTarget, row.isShut]));
  const quotas = wanted.flatMap(({ channelTarget, limit }) => {
    const isShut = suspect.get(channelTarget);
    if (isShut === true) return [];
    return [{ channelTarget, limit: isShut === false ? 1 : limit }];
  });
  return { quotas, probes: rows.filter((row) => !row.isShut).map((row) => row.channelTarget) };
}

/** Nothing else goes to a probed endpoint until the probe has ended, or its lease has. */
async function holdForProbe(trx: Db, probes: readonly string[], leaseMs: number): Promise<void> {
  if (probes.length === 0) return;
  await sql`
    update preflight_notification_endpoint
    set open_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}), updated_at = clock_timestamp()
    where channel_target = any(${[...probes]}::text[])
  `.execute(trx);
}

async function takeRows(trx: Db, quotas: readonly Quota[], options: ClaimOptions): Promise<ClaimedRow[]> {
  // One part per channel, since only then each is read from the index in order and stops at its own limit. Earlier ones of
  // the group are counted row by row, by the index made for it: as an anti-join the planner would read the whole queue.
  const parts = quotas.map(
    ({ channelTarget, limit }, i) => sql`${sql.ref(`due_${i}`)} as (
      select o.id, o.lease_owner
      from preflight_notification_outbox as o
      where o.channel_target = ${channelTarget} and o.status in ('PENDING', 'RETRYING') and o.due_at <= statement_timestamp()
        and (
          select count(*) from preflight_notification_outbox as earlier
          where earlier.channel_target = o.channel_target and earlier.group_key = o.group_key
            and earlier.sequence < o.sequence and outbox_state(earlier.status, earlier.replayed_as_id) = 'pending') = 0
      order by o.due_at, o.sequence
      limit ${limit}
      for update skip locked
    )`,
  );
  const all = quotas.map((_, i) => sql`select * from ${sql.ref(`due_${i}`)}`);
  const { rows } = await sql<ClaimedRow>`
    with ${sql.join(parts)},
    due as (${sql.join(all, sql` union all `)} limit ${options.limit ?? null}::bigint)
    update preflight_notification_outbox as o set
      attempt_count = o.attempt_count + 1,
      lease_owner = ${options.ownerId},
      lease_until = clock_timestamp() + make_interval(secs => ${options.leaseMs / 1000}),
      delivery_id = replace(gen_random_uuid()::text, '-', ''),
      sealed_at = coalesce(o.sealed_at, clock_timestamp()),
      updated_at = clock_timestamp()
    from due
    where o.id = due.id
    returning o.id, replace(gen_random_uuid()::text, '-', '') as "attemptId", o.delivery_id as "deliveryId",
      o.event_id as "eventId", o.event_type as "eventType", o.alert_id as "alertId", o.replayed_from_id as "replayedFromId",
      o.channel_target as "channelTarget", o.group_key as "groupKey", o.attempt_count as attempt,
      o.payload_json::text as payload, o.created_at as "createdAt", due.lease_owner as "previousOwner"
  `.execute(trx);
  return rows;
}

/**
 * Fix the contents of envelopes that are claimed for the first time. A resolve notice whose firing was given up on this channel is
 * dropped: it would speak of something the receiver never heard of.
 */
async function sealNew(
  trx: Db,
  rows: readonly ClaimedRow[],
  compose: ClaimOptions["compose"],
): Promise<(ClaimedDelivery & { previousOwner: string | null })[]> {
  const fresh = rows.filter((row) => row.payload === null);
  if (fresh.length === 0) return rows as (ClaimedDelivery & { previousOwner: string | null })[];

  const members = await sql<{ outboxId: string; payload: unknown }>`
    select m.outbox_id as "outboxId", e.payload_json as payload
    from preflight_notification_outbox_event as m
    join preflight_notification_event as e using (event_id)
    where m.outbox_id = any(${fresh.map((row) => row.id)}::text[])
      and not (m.event_type = 'ALERT_RESOLVED' and exists (
        select 1
        from preflight_notification_outbox_event as told
        join preflight_notification_outbox as o on o.id = told.outbox_id
        where told.alert_id = m.alert_id and told.channel_target = m.channel_target and told.firing_no = m.firing_no
          and told.event_type = 'ALERT_FIRING'
        having bool_and(o.status = 'DEAD' and o.replayed_as_id is null)))
    order by m.outbox_id, m.position
  `.execute(trx);
  const eventsOf = Map.groupBy(members.rows, (member) => member.outboxId);
  const empty = fresh.filter((row) => !eventsOf.has(row.id)).map((row) => row.id);
  if (empty.length > 0) {
    await sql`delete from preflight_notification_outbox where id = any(${empty}::text[])`.execute(trx);
  }

  const payloads = new Map<string, string>();
  for (const row of fresh) {
    const events = eventsOf.get(row.id);
    if (events === undefined) continue;
    payloads.set(
      row.id,
      compose(
        row.eventId,
        row.groupKey,
        events.map((event) => event.payload),
      ),
    );
  }
  await sql`
    update preflight_notification_outbox as o
    set payload_json = p.payload::json, event_type = p.payload::json ->> 'event_type'
    from unnest(${[...payloads.keys()]}::text[], ${[...payloads.values()]}::text[]) as p (id, payload)
    where o.id = p.id and o.id = any(${[...payloads.keys()]}::text[])
  `.execute(trx);
  return rows.flatMap((row) => {
    const payload = row.payload ?? payloads.get(row.id);
    return payload === undefined ? [] : [{ ...row, payload, eventType: eventTypeOf(payload, row.eventType) }];
  });
}

function eventTypeOf(payload: string, fallback: string): string {
  const parsed: unknown = JSON.parse(payload);
  if (typeof parsed !== "object" || parsed === null || !("event_type" in parsed)) return fallback;
  return typeof parsed.event_type === "string" ? parsed.event_type : fallback;
}

/** Ends the attempts of processes that died, then begins ours. In this order everywhere, so that counters are locked in one order. */
async function beginAttempts(
  trx: Db,
  rows: readonly (ClaimedDelivery & { previousOwner: string | null })[],
  ownerId: string,
): Promise<number> {
  if (rows.length === 0) return 0;
  const retaken = rows.filter((row) => row.previousOwner !== null).map((row) => row.id);
  let abandoned = 0;
  if (retaken.length > 0) {
    const ended = await sql`
      insert into preflight_notification_attempt_outcome
        (attempt_id, attempt_status, channel_target, event_type, duration_ms, error_code, error_message_safe)
      select a.attempt_id, 'FAILED', a.channel_target, a.event_type,
        (extract(epoch from clock_timestamp() - a.started_at) * 1000)::integer, 'LEASE_EXPIRED',
        'the process that delivered it did not finish'
      from preflight_notification_delivery_attempt as a
      where a.outbox_item_id = any(${retaken}::text[])
      on conflict (attempt_id) do nothing
    `.execute(trx);
    abandoned = Number(ended.numAffectedRows ?? 0n);
  }
  await sql`
    insert into preflight_notification_delivery_attempt (
      attempt_id, outbox_item_id, event_id, delivery_id, replayed_from_id, channel_type, channel_target, event_type, alert_id,
      policy_id, source_name, attempt_number, owner)
    select c.attempt_id, o.id, o.event_id, o.delivery_id, o.replayed_from_id, o.channel_type, o.channel_target, o.event_type,
      o.alert_id, o.policy_id, o.source_name, o.attempt_count, ${ownerId}
    from unnest(${rows.map((row) => row.attemptId)}::text[], ${rows.map((row) => row.id)}::text[]) as c (attempt_id, id)
    join preflight_notification_outbox as o using (id)
  `.execute(trx);
  return abandoned;
}
