import { sql } from "kysely";
import type { Db } from "../db.ts";
import { newId } from "./new-id.ts";

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

/** A row that is held until the claim is made. */
interface HeldRow extends Omit<ClaimedDelivery, "payload" | "attemptId" | "deliveryId" | "attempt"> {
  payload: string | null;
  /** whose lease on it has run out; null: it was never claimed, or given back */
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
    const held = await holdDue(trx, quotas, options);
    const probed = new Set(held.map((row) => row.channelTarget));
    await holdForProbe(
      trx,
      probes.filter((channel) => probed.has(channel)),
      options.leaseMs,
    );
    const rows = await withContents(trx, held, options.compose);
    const abandoned = await endAbandoned(trx, rows);
    return { deliveries: await beginAttempts(trx, rows, options), abandoned };
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

/**
 * Due rows of each channel, read from the index in order until the channel's limit. Earlier ones of the group are counted row by row,
 * by the index made for it: as an anti-join the planner would read the whole queue.
 *
 * A claim that a crash of the server takes back has harmed nothing: the notification is claimed again, and sent under the same event
 * id. So the commit of a claim does not wait for the disk.
 */
async function holdDue(trx: Db, quotas: readonly Quota[], options: ClaimOptions): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    select due.id, due.event_id as "eventId", due.event_type as "eventType", due.alert_id as "alertId",
      due.replayed_from_id as "replayedFromId", due.channel_target as "channelTarget", due.group_key as "groupKey",
      due.payload_json::text as payload, due.created_at as "createdAt", due.lease_owner as "previousOwner",
      set_config('synchronous_commit', 'off', true)
    from unnest(
      ${quotas.map(({ channelTarget }) => channelTarget)}::text[],
      ${quotas.map(({ limit }) => limit)}::integer[]
    ) as quota (channel_target, most)
    cross join lateral (
      select o.*
      from preflight_notification_outbox as o
      where o.channel_target = quota.channel_target and o.status in ('PENDING', 'RETRYING')
        and o.due_at <= statement_timestamp()
        and (
          select count(*) from preflight_notification_outbox as earlier
          where earlier.channel_target = o.channel_target and earlier.group_key = o.group_key
            and earlier.sequence < o.sequence and outbox_state(earlier.status, earlier.replayed_as_id) = 'pending') = 0
      order by o.due_at, o.sequence
      limit quota.most
      for update skip locked
    ) as due
    limit ${options.limit ?? null}::bigint
  `.execute(trx);
  return rows;
}

/** A held row with what will be sent. */
type FilledRow = Omit<HeldRow, "payload"> & { payload: string; isNew: boolean };

/**
 * Compose the contents of envelopes that are claimed for the first time. A resolve notice whose firing was given up on this channel is
 * dropped: it would speak of something the receiver never heard of.
 */
async function withContents(
  trx: Db,
  held: readonly HeldRow[],
  compose: ClaimOptions["compose"],
): Promise<FilledRow[]> {
  const fresh = held.filter((row) => row.payload === null);
  const eventsOf = await membersOf(
    trx,
    fresh.map((row) => row.id),
  );
  const empty = fresh.filter((row) => !eventsOf.has(row.id)).map((row) => row.id);
  if (empty.length > 0) {
    await sql`delete from preflight_notification_outbox where id = any(${empty}::text[])`.execute(trx);
  }
  return held.flatMap((row): FilledRow[] => {
    if (row.payload !== null) return [{ ...row, payload: row.payload, isNew: false }];
    const events = eventsOf.get(row.id);
    if (events === undefined) return [];
    const payload = compose(row.eventId, row.groupKey, events);
    return [{ ...row, payload, isNew: true, eventType: eventTypeOf(payload, row.eventType) }];
  });
}

async function membersOf(trx: Db, ids: readonly string[]): Promise<Map<string, unknown[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ outboxId: string; payload: unknown }>`
    select m.outbox_id as "outboxId", e.payload_json as payload
    from preflight_notification_outbox_event as m
    join preflight_notification_event as e using (event_id)
    where m.outbox_id = any(${[...ids]}::text[])
      and not (m.event_type = 'ALERT_RESOLVED' and exists (
        select 1
        from preflight_notification_outbox_event as told
        join preflight_notification_outbox as o on o.id = told.outbox_id
        where told.alert_id = m.alert_id and told.channel_target = m.channel_target and told.firing_no = m.firing_no
          and told.event_type = 'ALERT_FIRING'
        having bool_and(o.status = 'DEAD' and o.replayed_as_id is null)))
    order by m.outbox_id, m.position
  `.execute(trx);
  const members = new Map<string, unknown[]>();
  for (const { outboxId, payload } of rows) {
    const known = members.get(outboxId);
    if (known === undefined) members.set(outboxId, [payload]);
    else known.push(payload);
  }
  return members;
}

function eventTypeOf(payload: string, fallback: string): string {
  const parsed: unknown = JSON.parse(payload);
  if (typeof parsed !== "object" || parsed === null || !("event_type" in parsed)) return fallback;
  return typeof parsed.event_type === "string" ? parsed.event_type : fallback;
}

/** Ends the attempts of processes that died, before ours begin: in this order everywhere, so that counters are locked in one order. */
async function endAbandoned(trx: Db, rows: readonly FilledRow[]): Promise<number> {
  const retaken = rows.filter((row) => row.previousOwner !== null).map((row) => row.id);
  if (retaken.length === 0) return 0;
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
  return Number(ended.numAffectedRows ?? 0n);
}

/** Write the claims and open the ledger's entries, in one statement. */
async function beginAttempts(
  trx: Db,
  rows: readonly FilledRow[],
  { ownerId, leaseMs }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const attemptIds = rows.map(newId);
  const deliveryIds = rows.map(newId);
  const begun = await sql<{ id: string; attempt: number }>`
    with taken as (
      select * from unnest(
        ${ids}::text[], ${attemptIds}::text[], ${deliveryIds}::text[], ${rows.map((row) => row.eventType)}::text[],
        ${rows.map((row) => (row.isNew ? row.payload : null))}::text[]
      ) as t (id, attempt_id, delivery_id, event_type, payload)
    ),
    claimed as (
      update preflight_notification_outbox as o set
        attempt_count = o.attempt_count + 1,
        lease_owner = ${ownerId},
        lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}),
        delivery_id = t.delivery_id,
        event_type = t.event_type,
        payload_json = coalesce(t.payload::json, o.payload_json),
        sealed_at = coalesce(o.sealed_at, clock_timestamp()),
        updated_at = clock_timestamp()
      from taken as t
      where o.id = t.id and o.id = any(${ids}::text[])
      returning o.*, t.attempt_id
    )
    insert into preflight_notification_delivery_attempt (
      attempt_id, outbox_item_id, event_id, delivery_id, replayed_from_id, channel_type, channel_target, event_type, alert_id,
      policy_id, source_name, attempt_number, owner)
    select c.attempt_id, c.id, c.event_id, c.delivery_id, c.replayed_from_id, c.channel_type, c.channel_target, c.event_type,
      c.alert_id, c.policy_id, c.source_name, c.attempt_count, ${ownerId}
    from claimed as c
    returning outbox_item_id as id, attempt_number as attempt
  `.execute(trx);
  const attempts = new Map(begun.rows.map(({ id, attempt }) => [id, attempt]));
  return rows.map(({ previousOwner: _, isNew: __, ...row }, i) => ({
    ...row,
    attemptId: attemptIds[i]!,
    deliveryId: deliveryIds[i]!,
    attempt: attempts.get(row.id)!,
  }));
}
