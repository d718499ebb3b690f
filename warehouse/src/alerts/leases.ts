import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Who may do the work that only one may do at a time. Times are the database's. */
export interface StoredLease {
  leaseName: string;
  ownerId: string;
  /** fencing token: grows at every takeover */
  term: number;
  acquiredAt: Date;
  heartbeatAt: Date;
  expiresAt: Date;
}

const columns = sql`
  lease_name as "leaseName", owner_id as "ownerId", term, acquired_at as "acquiredAt", heartbeat_at as "heartbeatAt",
  expires_at as "expiresAt"`;

/**
 * Take a lease that is free, has run out, or is ours already (which renews it under the same term).
 *
 * @returns the term, or null when another process holds it
 */
export async function acquireLease(
  db: Db,
  leaseName: string,
  ownerId: string,
  ttlMs: number,
): Promise<number | null> {
  const { rows } = await sql<{ term: number }>`
    insert into preflight_alert_scheduler_lease as lease
      (lease_name, owner_id, term, acquired_at, heartbeat_at, expires_at, updated_at)
    values (${leaseName}, ${ownerId}, 1, clock_timestamp(), clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${ttlMs / 1000}), clock_timestamp())
    on conflict (lease_name) do update set
      owner_id = excluded.owner_id,
      term = lease.term + case when lease.owner_id = excluded.owner_id and lease.expires_at > clock_timestamp() then 0 else 1 end,
      acquired_at = case
        when lease.owner_id = excluded.owner_id and lease.expires_at > clock_timestamp() then lease.acquired_at
        else clock_timestamp()
      end,
      heartbeat_at = clock_timestamp(),
      expires_at = clock_timestamp() + make_interval(secs => ${ttlMs / 1000}),
      updated_at = clock_timestamp()
    where lease.owner_id = excluded.owner_id or lease.expires_at <= clock_timestamp()
    returning term
  `.execute(db);
  return rows[0]?.term ?? null;
}

/** Prolong a lease; false when it has run out or was taken over. */
export async function renewLease(db: Db, leaseName: string, term: number, ttlMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update preflight_alert_scheduler_lease
    set heartbeat_at = clock_timestamp(), updated_at = clock_timestamp(),
      expires_at = clock_timestamp() + make_interval(secs => ${ttlMs / 1000})
    where lease_name = ${leaseName} and term = ${term} and expires_at > clock_timestamp()
  `.execute(db);
  return numAffectedRows === 1n;
}

/**
 * Hold the lease's row until the transaction ends, so that nobody takes it over before what is written here is visible.
 *
 * @returns false when the lease has run out or has another term: nothing may be written then
 */
export async function holdLease(trx: Db, leaseName: string, term: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from preflight_alert_scheduler_lease
    where lease_name = ${leaseName} and term = ${term} and expires_at > clock_timestamp()
    for share
  `.execute(trx);
  return rows.length === 1;
}

/** Give a lease back, so that the next may take it at once; nothing happens when it is no longer ours. */
export async function releaseLease(db: Db, leaseName: string, term: number): Promise<void> {
  await sql`
    update preflight_alert_scheduler_lease
    set expires_at = clock_timestamp(), updated_at = clock_timestamp()
    where lease_name = ${leaseName} and term = ${term} and expires_at > clock_timestamp()
  `.execute(db);
}

export async function findLease(db: Db, leaseName: string): Promise<StoredLease | null> {
  const { rows } = await sql<StoredLease>`
    select ${columns} from preflight_alert_scheduler_lease where lease_name = ${leaseName}
  `.execute(db);
  return rows[0] ?? null;
}
