import { sql } from "kysely";
import type { Db } from "../db.ts";
import { newId } from "./new-id.ts";
import { type OutboxItem, outboxColumns } from "./reading.ts";

export type ReplayAnswer =
  | { kind: "not_found" }
  /** the row is still waiting or being sent */
  | { kind: "not_finished"; status: string }
  /** `isNew` false: it had been replayed already, and this is that replay */
  | { kind: "replayed"; item: OutboxItem; isNew: boolean };

/**
 * Send a finished notification again: a copy with an attempt series of its own, the same event id and contents, and a link to the
 * row it came from. Asking twice gives the same copy; where that copy was given up too, it is replayed in its turn.
 */
export async function replayDelivery(trx: Db, id: string): Promise<ReplayAnswer> {
  // The newest of the line: id, the replay of id, the replay of that one …
  const { rows } = await sql<{ id: string; status: string; depth: number }>`
    with recursive line as (
      select id, status, replayed_as_id, 0 as depth from preflight_notification_outbox where id = ${id}
      union all
      select o.id, o.status, o.replayed_as_id, line.depth + 1
      from line join preflight_notification_outbox as o on o.id = line.replayed_as_id
    )
    select id, status, depth from line order by depth desc limit 1
  `.execute(trx);
  const last = rows[0];
  if (last === undefined) return { kind: "not_found" };
  const isFinished = last.status === "SENT" || last.status === "DEAD" || last.status === "FAILED";
  if (last.depth === 0 && !isFinished) return { kind: "not_finished", status: last.status };
  if (last.depth > 0 && last.status !== "DEAD")
    return { kind: "replayed", item: await itemOf(trx, last.id), isNew: false };

  const [copy] = await copyRows(trx, [last.id]);
  if (copy !== undefined) return { kind: "replayed", item: copy, isNew: true };
  // Somebody else replayed it between the two statements.
  return replayDelivery(trx, id);
}

/**
 * Replay notifications that were given up and not replayed yet, the newest first.
 *
 * @param filter `since` bounds how far back it reaches
 * @returns the copies; empty when asked again
 */
export async function replayDeadDeliveries(
  trx: Db,
  filter: { limit: number; channelTarget?: string; since?: Date },
): Promise<OutboxItem[]> {
  const { rows } = await sql<{ id: string }>`
    select id from preflight_notification_outbox
    where status = 'DEAD' and replayed_as_id is null
      and (${filter.channelTarget ?? null}::text is null or channel_target = ${filter.channelTarget ?? null}::text)
      and (${filter.since ?? null}::timestamptz is null or created_at >= ${filter.since ?? null}::timestamptz)
    order by created_at desc, id
    limit ${filter.limit}
    for update skip locked
  `.execute(trx);
  return copyRows(
    trx,
    rows.map((row) => row.id),
  );
}

async function copyRows(trx: Db, ids: readonly string[]): Promise<OutboxItem[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<OutboxItem>`
    with pair as (
      select * from unnest(${[...ids]}::text[], ${ids.map(newId)}::text[]) as p (old_id, new_id)
    ),
    marked as (
      update preflight_notification_outbox as o set replayed_as_id = p.new_id, updated_at = clock_timestamp()
      from pair as p where o.id = p.old_id and o.replayed_as_id is null
      returning o.*
    )
    insert into preflight_notification_outbox as o (
      id, event_id, delivery_id, replayed_from_id, event_type, alert_id, policy_id, severity, source_name, group_key, payload_json,
      channel_type, channel_target, max_attempts, next_retry_at, sealed_at)
    select m.replayed_as_id, m.event_id, replace(gen_random_uuid()::text, '-', ''), m.id, m.event_type, m.alert_id, m.policy_id,
      m.severity, m.source_name, 'replay:' || m.replayed_as_id, m.payload_json, m.channel_type, m.channel_target, m.max_attempts,
      clock_timestamp(), clock_timestamp()
    from marked as m
    returning ${outboxColumns("o")}
  `.execute(trx);
  return rows;
}

async function itemOf(trx: Db, id: string): Promise<OutboxItem> {
  const { rows } = await sql<OutboxItem>`
    select ${outboxColumns("o")} from preflight_notification_outbox as o where o.id = ${id}
  `.execute(trx);
  return rows[0]!;
}
