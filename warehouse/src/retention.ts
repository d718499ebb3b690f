import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";

/** Rows of one kind that are old enough to go. */
export interface OldRows {
  shelf: ShelfName;
  count: number;
}

interface Shelf {
  /** primary keys of the old rows, as one text column `key` */
  old: (before: Date) => RawBuilder<unknown>;
  /** removes the rows whose keys stand in `gone`, with what hangs on them */
  remove: (keys: string[]) => RawBuilder<unknown>;
  /** rows of one transaction, so that nobody waits long for it */
  batch: number;
}

/** What is kept only for some time. Counters never fall by it: they count when things happen. */
const SHELVES = {
  alert_history: {
    old: (before) =>
      sql`select id::text as key from preflight_alert_history where created_at < ${before}::timestamptz`,
    remove: (keys) => sql`delete from preflight_alert_history where id = any(${keys}::bigint[])`,
    batch: 5_000,
  },
  alert_states: {
    // Alerts that nothing is evaluated for any more, with what was said about them.
    old: (before) => sql`
      select alert_id as key from preflight_alert_state as s
      where status in ('OK', 'RESOLVED') and last_evaluated_at < ${before}::timestamptz
        and not exists (select from preflight_notification_log as l where l.alert_id = s.alert_id and l.status = 'FIRING')`,
    remove: (keys) => sql`
      with acknowledgement as (delete from preflight_alert_acknowledgement where alert_id = any(${keys}::text[])),
        told as (delete from preflight_notification_log where alert_id = any(${keys}::text[]))
      delete from preflight_alert_state where alert_id = any(${keys}::text[])`,
    batch: 1_000,
  },
  silences: {
    old: (before) =>
      sql`select silence_id as key from preflight_alert_silence where coalesce(expired_at, ends_at) < ${before}::timestamptz`,
    remove: (keys) => sql`delete from preflight_alert_silence where silence_id = any(${keys}::text[])`,
    batch: 5_000,
  },
  audit: {
    old: (before) =>
      sql`select event_id::text as key from preflight_alert_audit_event where event_at < ${before}::timestamptz`,
    remove: (keys) => sql`delete from preflight_alert_audit_event where event_id = any(${keys}::bigint[])`,
    batch: 5_000,
  },
  deliveries: {
    // What still waits stays, however old; the ledger goes with its notification.
    old: (before) => sql`
      select id as key from preflight_notification_outbox
      where created_at < ${before}::timestamptz and status in ('SENT', 'DEAD', 'FAILED')`,
    remove: (keys) => sql`
      with attempt as (delete from preflight_notification_delivery_attempt where outbox_item_id = any(${keys}::text[]))
      delete from preflight_notification_outbox where id = any(${keys}::text[])`,
    batch: 1_000,
  },
  notification_events: {
    old: (before) => sql`
      select event_id as key from preflight_notification_event as e
      where created_at < ${before}::timestamptz
        and not exists (select from preflight_notification_outbox_event as m where m.event_id = e.event_id)`,
    remove: (keys) => sql`delete from preflight_notification_event where event_id = any(${keys}::text[])`,
    batch: 5_000,
  },
  preflight_runs: {
    old: (before) => sql`
      select distinct run_id as key from preflight_run_registry where created_at < ${before}::timestamptz`,
    remove: (keys) => sql`delete from preflight_run_registry where run_id = any(${keys}::text[])`,
    batch: 500,
  },
  loads: {
    old: (before) => sql`
      select run_id as key from etl_run_registry where started_at < ${before}::timestamptz and status <> 'RUNNING'`,
    remove: (keys) => sql`delete from etl_run_registry where run_id = any(${keys}::text[])`,
    batch: 200,
  },
  forecast_runs: {
    old: (before) => sql`
      select run_id as key from forecast_run_registry where created_at < ${before}::timestamptz and status <> 'RUNNING'`,
    remove: (keys) => sql`delete from forecast_run_registry where run_id = any(${keys}::text[])`,
    batch: 100,
  },
  trainings: {
    // Those that gave a model version stay with it.
    old: (before) => sql`
      select experiment_id as key from ml_experiment_registry as e
      where created_at < ${before}::timestamptz and status <> 'RUNNING'
        and not exists (select from model_version as m where m.experiment_id = e.experiment_id)`,
    remove: (keys) => sql`delete from ml_experiment_registry where experiment_id = any(${keys}::text[])`,
    batch: 100,
  },
} satisfies Record<string, Shelf>;

export type ShelfName = keyof typeof SHELVES;
export const SHELF_NAMES = Object.keys(SHELVES) as ShelfName[];

/** How many rows of a shelf are older than `before`. */
export async function countOld(db: Db, shelf: ShelfName, before: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (${SHELVES[shelf].old(before)}) as old
  `.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Remove the rows of a shelf that are older than `before`, a batch at a time, until none is left or the signal says stop.
 *
 * @returns how many were removed
 */
export async function removeOld(
  db: Db,
  shelf: ShelfName,
  before: Date,
  signal?: AbortSignal,
): Promise<number> {
  const { old, remove, batch } = SHELVES[shelf];
  let removed = 0;
  while (signal?.aborted !== true) {
    const { rows } = await sql<{ key: string }>`
      select key from (${old(before)}) as old limit ${batch}
    `.execute(db);
    if (rows.length === 0) break;
    await remove(rows.map(({ key }) => key)).execute(db);
    removed += rows.length;
    if (rows.length < batch) break;
  }
  return removed;
}
