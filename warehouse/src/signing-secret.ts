import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "./db.ts";

const SECRET_BYTES = 32;

/**
 * The secret with which links of one purpose are signed: the same for every process on this database, made by the first that
 * asks.
 */
export async function signingSecret(db: Db, purpose: string): Promise<Buffer> {
  const kept = await sql<{ secret: Buffer }>`
    select secret from signing_secret where purpose = ${purpose}`.execute(db);
  if (kept.rows[0] !== undefined) return kept.rows[0].secret;
  // Two that ask at once must end with the same: whoever comes second gets what the first wrote.
  const { rows } = await sql<{ secret: Buffer }>`
    insert into signing_secret as s (purpose, secret) values (${purpose}, ${randomBytes(SECRET_BYTES)})
    on conflict (purpose) do update set secret = s.secret
    returning secret`.execute(db);
  return rows[0]!.secret;
}
