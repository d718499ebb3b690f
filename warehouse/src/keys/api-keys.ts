import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { codeOf, type Db } from "../db.ts";
import { ApiKeyError } from "../errors.ts";
import { isScope, SCOPES, type Scope } from "./scopes.ts";
import { hashOf, newSecret } from "./secret.ts";

/** A key as it may be shown: never its secret, never its hash. */
export interface ApiKey {
  keyId: string;
  name: string;
  /** first and last characters, to tell keys apart */
  keyStart: string;
  keyEnd: string;
  scopes: Scope[];
  /** sources it may see and change; null for all */
  dataSourceIds: number[] | null;
  notes: string | null;
  createdAt: Date;
  createdBy: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  revokedBy: string | null;
  lastUsedAt: Date | null;
  lastUsedIp: string | null;
}

export interface NewApiKey {
  name: string;
  scopes: readonly string[];
  createdBy: string;
  dataSourceIds?: readonly number[] | null;
  expiresAt?: Date | null;
  notes?: string | null;
}

const LONGEST_NAME = 128;
const SHOWN_START = 8;
const SHOWN_END = 4;
/** Names that the audit trail gives to those who have no key. */
const RESERVED = /^(local|anonymous|legacy|system)\b/i;

/**
 * Make a key. Its secret is in the answer and nowhere else.
 *
 * @throws {ApiKeyError} `api_key_invalid` (name, scopes, sources, expiry) or `api_key_exists` while a key of that name is in use
 */
export async function createApiKey(db: Db, input: NewApiKey): Promise<{ key: ApiKey; secret: string }> {
  const name = input.name.trim();
  const scopes = knownScopes(input.scopes);
  refuseName(name);
  if (input.expiresAt != null && input.expiresAt.getTime() <= Date.now()) {
    throw new ApiKeyError(
      "api_key_invalid",
      `the key would expire at ${input.expiresAt.toISOString()}, which is past`,
    );
  }
  const dataSourceIds = input.dataSourceIds == null ? null : [...new Set(input.dataSourceIds)];
  if (dataSourceIds !== null) await refuseUnknownSources(db, dataSourceIds);
  const secret = newSecret("ros");
  try {
    const key = await db
      .insertInto("api_key")
      .values({
        key_id: `key_${randomBytes(8).toString("hex")}`,
        name,
        key_start: secret.slice(0, SHOWN_START),
        key_end: secret.slice(-SHOWN_END),
        key_sha256: hashOf(secret),
        scopes,
        data_source_ids: dataSourceIds,
        notes: input.notes?.trim() || null,
        created_by: input.createdBy,
        expires_at: input.expiresAt ?? null,
      })
      .returning(columns)
      .executeTakeFirstOrThrow();
    return { key, secret };
  } catch (error) {
    if (codeOf(error) !== "23505") throw error;
    throw new ApiKeyError(
      "api_key_exists",
      `a key named "${name}" is in use; give the new one another name, or revoke the old one first`,
    );
  }
}

/** Newest first. */
export async function listApiKeys(db: Db, options: { withRevoked?: boolean } = {}): Promise<ApiKey[]> {
  let query = db.selectFrom("api_key").select(columns);
  if (options.withRevoked !== true) query = query.where("revoked_at", "is", null);
  return query.orderBy("created_at", "desc").orderBy("key_id").execute();
}

/**
 * End a key, and with it every session that was opened with it, from the next request on.
 *
 * @param reference id or name, or the first characters that lists show when only one key in use has them
 * @throws {ApiKeyError} `api_key_not_found`, or `api_key_invalid` when several keys are meant
 */
export async function revokeApiKey(db: Db, reference: string, revokedBy: string): Promise<ApiKey> {
  const wanted = reference.trim();
  const inUse = await listApiKeys(db);
  const exact = inUse.filter(
    (key) => key.keyId === wanted || key.name.toLowerCase() === wanted.toLowerCase(),
  );
  const meant = exact.length > 0 ? exact : inUse.filter((key) => wanted !== "" && key.keyStart === wanted);
  if (meant.length > 1) {
    throw new ApiKeyError(
      "api_key_invalid",
      `"${wanted}" means ${meant.length} keys: name one of ${meant.map((key) => key.keyId).join(", ")}`,
    );
  }
  const revoked = await db
    .updateTable("api_key")
    .set({ revoked_at: sql<Date>`now()`, revoked_by: revokedBy })
    .where("key_id", "=", meant[0]?.keyId ?? "")
    .where("revoked_at", "is", null)
    .returning(columns)
    .executeTakeFirst();
  if (revoked === undefined) {
    throw new ApiKeyError(
      "api_key_not_found",
      `no key in use is "${wanted}"; in use are: ${inUse.map((key) => key.name).join(", ") || "none"}`,
    );
  }
  return revoked;
}

function knownScopes(wanted: readonly string[]): Scope[] {
  const words = [...new Set(wanted.map((word) => word.trim()).filter(Boolean))];
  const unknown = words.filter((word) => !isScope(word));
  if (words.length > 0 && unknown.length === 0) return words.filter(isScope);
  const found = unknown.length === 0 ? "none" : unknown.map((word) => `"${word}"`).join(", ");
  throw new ApiKeyError("api_key_invalid", `a key needs scopes out of ${SCOPES.join(", ")}; got ${found}`);
}

function refuseName(name: string): void {
  const fault =
    name === ""
      ? "a key needs a name"
      : name.length > LONGEST_NAME
        ? `the name of a key has at most ${LONGEST_NAME} characters, got ${name.length}`
        : // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters would break lines of the audit trail
          /[\u0000-\u001f\u007f]/.test(name)
          ? "the name of a key must be one line of text"
          : RESERVED.test(name)
            ? `the name "${name}" would be mistaken for somebody without a key; take another one`
            : null;
  if (fault !== null) throw new ApiKeyError("api_key_invalid", fault);
}

async function refuseUnknownSources(db: Db, ids: readonly number[]): Promise<void> {
  const known = await db
    .selectFrom("data_source")
    .select("id")
    .where("id", "in", [0, ...ids])
    .execute();
  const unknown = ids.filter((id) => !known.some((source) => source.id === id));
  if (ids.length === 0) throw new ApiKeyError("api_key_invalid", "name the data sources the key is bound to");
  if (unknown.length > 0)
    throw new ApiKeyError("api_key_invalid", `there is no data source ${unknown.join(", ")}`);
}

const columns = [
  "key_id as keyId",
  "name",
  "key_start as keyStart",
  "key_end as keyEnd",
  "scopes",
  "data_source_ids as dataSourceIds",
  "notes",
  "created_at as createdAt",
  "created_by as createdBy",
  "expires_at as expiresAt",
  "revoked_at as revokedAt",
  "revoked_by as revokedBy",
  "last_used_at as lastUsedAt",
  "last_used_ip as lastUsedIp",
] as const;
