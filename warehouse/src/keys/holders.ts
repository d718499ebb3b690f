import { sql } from "kysely";
import type { Db } from "../db.ts";
import type { Scope } from "./scopes.ts";
import { hashOf } from "./secret.ts";

/** Whoever holds a key or a session that counts now. */
export interface Holder {
  name: string;
  scopes: Scope[];
  dataSourceIds: number[] | null;
  /** null for a session from a sign-in link */
  keyId: string | null;
  /** when the key or session ends; null for never */
  expiresAt: Date | null;
  /** the last use is not written down yet, or a minute ago and longer */
  isUseDue: boolean;
}

/** So long counts a wrong key, since the first of its address. */
export const GUESS_WINDOW_SECONDS = 60;

/**
 * Who holds a key, and how often its address guessed wrong of late; one statement, since every request with a key asks it.
 *
 * @returns `holder` null when nobody was given the key, or it is revoked or expired: from outside the same
 */
export async function holderOfKey(
  db: Db,
  secret: string,
  address: string,
): Promise<{ holder: Holder | null; failures: number }> {
  const { rows } = await sql<HolderRow & { failures: number }>`
    select ${keyColumns}, k.expires_at as "expiresAt", coalesce(g.failures, 0) as failures
    from (values (1)) as one
    left join api_key as k
      on k.key_sha256 = ${hashOf(secret)} and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    left join api_key_guess as g
      on g.address = ${address} and g.window_started_at > now() - make_interval(secs => ${GUESS_WINDOW_SECONDS})
  `.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error("one row was promised");
  return { holder: holderOf(row), failures: row.failures };
}

/** Who is signed in with a session; null when it has ended, or the key it was opened with. */
export async function holderOfSession(db: Db, token: string): Promise<Holder | null> {
  const { rows } = await sql<HolderRow>`
    select
      coalesce(s.name, k.name) as name,
      coalesce(s.scopes, k.scopes) as scopes,
      k.data_source_ids as "dataSourceIds",
      k.key_id as "keyId",
      least(s.expires_at, k.expires_at) as "expiresAt",
      ${useDue} as "isUseDue"
    from api_session as s
    left join api_key as k on k.key_id = s.key_id
    where s.token_sha256 = ${hashOf(token)} and s.expires_at > now()
      and (s.key_id is null or (k.revoked_at is null and (k.expires_at is null or k.expires_at > now())))
  `.execute(db);
  return rows[0] === undefined ? null : holderOf(rows[0]);
}

/** Write down that a key was used, at most once a minute however many processes and requests use it. */
export async function noteKeyUse(db: Db, keyId: string, address: string): Promise<void> {
  await sql`
    update api_key as k set last_used_at = now(), last_used_ip = ${address}
    where k.key_id = ${keyId} and ${useDue}
  `.execute(db);
}

/** Count a wrong key of an address. @returns how many it sent within the window */
export async function countWrongKey(db: Db, address: string): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    with gone as (delete from api_key_guess where window_started_at < now() - interval '1 hour' and address <> ${address})
    insert into api_key_guess as g (address) values (${address})
    on conflict (address) do update set
      failures = case when g.window_started_at > now() - make_interval(secs => ${GUESS_WINDOW_SECONDS})
        then g.failures + 1 else 1 end,
      window_started_at = case when g.window_started_at > now() - make_interval(secs => ${GUESS_WINDOW_SECONDS})
        then g.window_started_at else now() end
    returning failures
  `.execute(db);
  return rows[0]?.failures ?? 0;
}

interface HolderRow {
  name: string | null;
  scopes: Scope[] | null;
  dataSourceIds: number[] | null;
  keyId: string | null;
  expiresAt: Date | null;
  isUseDue: boolean | null;
}

const useDue = sql`(k.last_used_at is null or k.last_used_at < now() - interval '1 minute')`;
const keyColumns = sql`
  k.name, k.scopes, k.data_source_ids as "dataSourceIds", k.key_id as "keyId", ${useDue} as "isUseDue"`;

function holderOf({ name, scopes, dataSourceIds, keyId, expiresAt, isUseDue }: HolderRow): Holder | null {
  if (name === null || scopes === null) return null;
  return { name, scopes, dataSourceIds, keyId, expiresAt, isUseDue: keyId !== null && isUseDue === true };
}
