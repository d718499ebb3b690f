import { sql } from "kysely";
import type { Db } from "../db.ts";
import type { Scope } from "./scopes.ts";
import { hashOf, isSecret, newSecret } from "./secret.ts";

/** A session that was just opened; its token is in the answer and nowhere else. */
export interface OpenedSession {
  token: string;
  expiresAt: Date;
}

/** Open a session for a browser whose user holds a key. Sessions that have ended are cleared away on this occasion. */
export async function openSessionOfKey(db: Db, keyId: string, hours: number): Promise<OpenedSession> {
  await sql`delete from api_session where expires_at < now()`.execute(db);
  return insertSession(db, { key_id: keyId, name: null, scopes: null }, hours);
}

/**
 * Make a code that opens one session, once: whoever may start the platform may sign in to it.
 *
 * @param minutes how long the code may wait for its use
 */
export async function newSignInCode(
  db: Db,
  { name, scopes, minutes }: { name: string; scopes: readonly Scope[]; minutes: number },
): Promise<string> {
  const code = newSecret("roslink");
  await sql`
    with gone as (delete from sign_in_code where expires_at < now())
    insert into sign_in_code (code_sha256, name, scopes, expires_at)
    values (${hashOf(code)}, ${name}, ${[...scopes]}, now() + make_interval(mins => ${minutes}))
  `.execute(db);
  return code;
}

/** Open a session with a code of {@link newSignInCode}; the code is gone with it. @returns null when nobody gave it out, or it is used */
export async function openSessionOfCode(db: Db, code: string, hours: number): Promise<OpenedSession | null> {
  if (!isSecret("roslink", code)) return null;
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ name: string; scopes: Scope[]; inTime: boolean }>`
      delete from sign_in_code where code_sha256 = ${hashOf(code)} returning name, scopes, expires_at > now() as "inTime"
    `.execute(trx);
    const used = rows[0];
    if (used === undefined || !used.inTime) return null;
    return insertSession(trx, { key_id: null, name: used.name, scopes: used.scopes }, hours);
  });
}

/** End a session; ending one that is over does nothing. */
export async function closeSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom("api_session").where("token_sha256", "=", hashOf(token)).execute();
}

async function insertSession(
  db: Db,
  owner: { key_id: string | null; name: string | null; scopes: Scope[] | null },
  hours: number,
): Promise<OpenedSession> {
  const token = newSecret("rossession");
  const { expires_at } = await db
    .insertInto("api_session")
    .values({
      token_sha256: hashOf(token),
      ...owner,
      expires_at: sql<Date>`now() + make_interval(hours => ${hours})`,
    })
    .returning("expires_at")
    .executeTakeFirstOrThrow();
  return { token, expiresAt: expires_at };
}
