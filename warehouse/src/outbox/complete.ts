import { sql } from "kysely";
import type { Db } from "../db.ts";

/** How one attempt ended, and what becomes of its notification. */
export interface DeliveryEnd {
  id: string;
  attemptId: string;
  attempt: number;
  channelTarget: string;
  status: "SENT" | "RETRYING" | "DEAD";
  /** wait before the next attempt; 0 unless RETRYING */
  delayMs: number;
  maxAttempts: number;
  durationMs: number;
  httpStatus: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  responseExcerpt: string | null;
}

export interface CircuitSettings {
  opensAfter: number;
  firstPauseMs: number;
  longestPauseMs: number;
  /** without any success for so long an endpoint is disabled */
  disableAfterMs: number;
}

export interface Completion {
  /** ids that were still ours; the others' leases had run out, and nothing was written for them */
  accepted: Set<string>;
  /** channels that this call disabled */
  disabled: { channelTarget: string; reason: string }[];
}

/**
 * Write the ends of attempts: the notification's state, the ledger and the endpoint's health, in one transaction. An attempt whose
 * lease another process took over in the meantime changes nothing.
 */
export async function completeDeliveries(
  db: Db,
  ownerId: string,
  ends: readonly DeliveryEnd[],
  circuit: CircuitSettings,
): Promise<Completion> {
  if (ends.length === 0) return { accepted: new Set(), disabled: [] };
  const ids = ends.map((end) => end.id);
  return db.transaction().execute(async (trx) => {
    // The ids stand beside the join so that the rows are found by key however large the outbox is.
    const { rows } = await sql<{ id: string }>`
      with ended as (
        select * from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as e (
          id text, "attemptId" text, attempt integer, "channelTarget" text, status text, "delayMs" double precision,
          "maxAttempts" integer, "durationMs" integer, "httpStatus" integer, "errorCode" text, "errorMessage" text,
          "responseExcerpt" text)
      ),
      changed as (
        update preflight_notification_outbox as o set
          status = e.status,
          max_attempts = e."maxAttempts",
          next_retry_at = clock_timestamp() + make_interval(secs => e."delayMs" / 1000),
          lease_owner = null,
          lease_until = null,
          last_http_status = e."httpStatus",
          last_error_code = e."errorCode",
          last_error = e."errorMessage",
          sent_at = case when e.status = 'SENT' then clock_timestamp() end,
          updated_at = clock_timestamp()
        from ended as e
        where o.id = e.id and o.id = any(${ids}::text[]) and o.lease_owner = ${ownerId} and o.attempt_count = e.attempt
        returning o.id, o.event_type, e."attemptId" as attempt_id
      ),
      written as (
        insert into preflight_notification_attempt_outcome (
          attempt_id, attempt_status, channel_target, event_type, duration_ms, http_status, error_code, error_message_safe,
          response_excerpt)
        select e."attemptId", case e.status when 'RETRYING' then 'RETRY' else e.status end, e."channelTarget", c.event_type,
          e."durationMs", e."httpStatus", e."errorCode", e."errorMessage", e."responseExcerpt"
        from ended as e join changed as c on c.attempt_id = e."attemptId"
        on conflict (attempt_id) do nothing
      )
      select id from changed
    `.execute(trx);
    const accepted = new Set(rows.map((row) => row.id));
    const disabled = await noteHealth(
      trx,
      ends.filter((end) => accepted.has(end.id)),
      circuit,
    );
    return { accepted, disabled };
  });
}

/** A success closes the circuit; failures in a row open it for longer and longer; 410, or days without success, disable. */
async function noteHealth(
  trx: Db,
  ends: readonly DeliveryEnd[],
  circuit: CircuitSettings,
): Promise<Completion["disabled"]> {
  const disabled: Completion["disabled"] = [];
  const byChannel = [...Map.groupBy(ends, (end) => end.channelTarget)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [channelTarget, all] of byChannel) {
    const failures = all.filter((end) => end.status !== "SENT").length;
    const isGone = all.some((end) => end.errorCode === "ENDPOINT_GONE");
    if (failures < all.length && !isGone) {
      // Most deliveries find the endpoint healthy already; its row is then written at most every ten seconds.
      await sql`
        insert into preflight_notification_endpoint as e (channel_target, last_success_at)
        values (${channelTarget}, clock_timestamp())
        on conflict (channel_target) do update set
          consecutive_failures = 0, first_failure_at = null, open_until = null, last_success_at = excluded.last_success_at,
          updated_at = clock_timestamp()
        where e.consecutive_failures > 0 or e.last_success_at is null
          or e.last_success_at < clock_timestamp() - interval '10 seconds'
      `.execute(trx);
      continue;
    }
    const { rows } = await sql<{ reason: string | null; isNew: boolean }>`
      insert into preflight_notification_endpoint as e
        (channel_target, consecutive_failures, first_failure_at, last_failure_at, disabled_at, disabled_reason)
      values (${channelTarget}, ${failures}, clock_timestamp(), clock_timestamp(),
        ${isGone ? sql`clock_timestamp()` : sql`null`}, ${isGone ? "the receiver answered 410" : null})
      on conflict (channel_target) do update set
        consecutive_failures = e.consecutive_failures + ${failures},
        first_failure_at = coalesce(e.first_failure_at, clock_timestamp()),
        last_failure_at = clock_timestamp(),
        open_until = case when e.consecutive_failures + ${failures} >= ${circuit.opensAfter}::integer then
          clock_timestamp() + make_interval(secs => least(
            ${circuit.firstPauseMs}::double precision
              * power(2, least(e.consecutive_failures + ${failures} - ${circuit.opensAfter}::integer, 30)),
            ${circuit.longestPauseMs}::double precision) / 1000)
        end,
        disabled_at = coalesce(e.disabled_at, excluded.disabled_at, case
          when e.first_failure_at < clock_timestamp() - make_interval(secs => ${circuit.disableAfterMs / 1000})
          then clock_timestamp() end),
        disabled_reason = coalesce(e.disabled_reason, excluded.disabled_reason, case
          when e.first_failure_at < clock_timestamp() - make_interval(secs => ${circuit.disableAfterMs / 1000})
          then 'no delivery has succeeded for days' end),
        updated_at = clock_timestamp()
      returning disabled_reason as reason, coalesce(disabled_at >= updated_at - interval '1 second', false) as "isNew"
    `.execute(trx);
    const row = rows[0];
    if (row?.reason != null && row.isNew) disabled.push({ channelTarget, reason: row.reason });
  }
  return disabled;
}

/**
 * Give back deliveries that were claimed and not begun: they are due again at once, and no attempt is counted.
 *
 * @returns how many were still ours
 */
export async function releaseDeliveries(db: Db, ownerId: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await sql`
    with released as (
      update preflight_notification_outbox
      set attempt_count = attempt_count - 1, lease_owner = null, lease_until = null, updated_at = clock_timestamp()
      where id = any(${[...ids]}::text[]) and lease_owner = ${ownerId}
      returning id, attempt_count + 1 as attempt
    ),
    written as (
      insert into preflight_notification_attempt_outcome
        (attempt_id, attempt_status, channel_target, event_type, duration_ms, error_code, error_message_safe)
      select a.attempt_id, 'FAILED', a.channel_target, a.event_type, 0, 'RELEASED', 'the worker stopped before it was sent'
      from released as r
      join preflight_notification_delivery_attempt as a on a.outbox_item_id = r.id and a.attempt_number = r.attempt and a.owner = ${ownerId}
      on conflict (attempt_id) do nothing
    )
    select id from released
  `.execute(db);
  return rows.length;
}
