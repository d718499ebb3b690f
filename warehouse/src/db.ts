import { createLogger, type Logger, messageOf } from "@rossmann/core";
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { type Cables, layCables } from "./cables.ts";
import { DatabaseRefusedError, DatabaseUnavailableError } from "./errors.ts";
import type { WarehouseTables } from "./tables.ts";

/** A handle on the warehouse: a pool or a transaction, so that a statement never cares which. */
export type Db = Kysely<WarehouseTables>;

export interface DatabaseOptions {
  /** connections this process keeps at most; default 10 */
  poolSize?: number;
  /** name shown in `pg_stat_activity`; default "rossmann" */
  applicationName?: string;
  /** longest time one statement may take; default 60 s. Loads lift it for themselves */
  statementTimeoutMs?: number;
  /** longest wait for a lock; default 10 s */
  lockTimeoutMs?: number;
  /** longest wait for a free or new connection; default 5 s */
  connectTimeoutMs?: number;
  logger?: Logger;
}

const OID_INT8 = 20;
const OID_DATE = 1082;
const OID_NUMERIC = 1700;

/** A connection on which nothing moves is asked for a sign of life, so that one to a machine that went is found within half a minute. */
const SIGN_OF_LIFE_MS = 10_000;

const pools = new WeakMap<object, pg.Pool>();
const cablesOf = new WeakMap<object, Cables>();

/**
 * Open a pool of connections. Nothing is connected to until the first statement.
 *
 * Values arrive as: `numeric` and `int8` → number (amounts stay below 2^53 cents), `date` → `YYYY-MM-DD`,
 * `timestamptz` → Date, `json` → parsed.
 *
 * @param url `postgresql://user:password@host:port/database`
 * @throws (from the first statement on) {DatabaseUnavailableError} when nothing answers or no connection gets free in time,
 *   {DatabaseRefusedError} when the server turns us away
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Db {
  const logger = options.logger ?? createLogger("warn");
  const where = placeOf(url);
  const cables = layCables();
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    application_name: options.applicationName ?? "rossmann",
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 120_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: SIGN_OF_LIFE_MS,
    stream: cables.lay,
    types: typeParsers(),
  });
  // Without a listener a connection that breaks while idle would end the process; the pool replaces it by itself.
  pool.on("error", (error) =>
    logger.warn({ where, reason: messageOf(error) }, "an idle database connection broke"),
  );
  // So would one that breaks while it is lent out and waits between two statements; the next statement tells its borrower.
  pool.on("connect", (client) => client.on("error", () => {}));

  const connect = async () => {
    try {
      return await pool.connect();
    } catch (error) {
      throw connectionRefusal(where, error);
    }
  };
  const db = new Kysely<WarehouseTables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: {} } }),
  });
  pools.set(db, pool);
  cablesOf.set(db, cables);
  places.set(db, where);
  urls.set(db, url);
  return db;
}

/** How a pool stands now. */
export interface PoolUse {
  /** connections that are open */
  open: number;
  /** of those, lent to nobody */
  idle: number;
  /** callers that wait for one */
  waiting: number;
  /** most that may be open */
  limit: number;
}

/** @returns zeros for a transaction or a closed pool */
export function poolUse(db: Db): PoolUse {
  const pool = pools.get(db);
  return {
    open: pool?.totalCount ?? 0,
    idle: pool?.idleCount ?? 0,
    waiting: pool?.waitingCount ?? 0,
    limit: pool?.options.max ?? 0,
  };
}

const places = new WeakMap<object, string>();
const urls = new WeakMap<object, string>();

/**
 * The address a pool was opened with, password included: only for a process that has to open the same database.
 *
 * @throws {Error} for a transaction
 */
export function urlOf(db: Db): string {
  const url = urls.get(db);
  if (url === undefined) throw new Error("only a pool made by openDatabase has an address");
  return url;
}

/**
 * For a library that keeps connections of its own to the same database: {@link cutDatabase} reaches them too.
 *
 * @throws {Error} for a transaction
 */
export function connectionOptionsOf(db: Db) {
  return {
    connectionString: urlOf(db),
    keepAlive: true,
    keepAliveInitialDelayMillis: SIGN_OF_LIFE_MS,
    stream: cablesOf.get(db)?.lay,
  };
}

/**
 * Cut every connection, for a process that has to end: whatever waits for an answer, which may never come from a machine that
 * went, fails now, and so does every statement after it. {@link closeDatabase} is still to be called.
 */
export function cutDatabase(db: Db): void {
  cablesOf.get(db)?.cut();
}

/** Run one statement that another library wrote, so that it belongs to a transaction of ours. */
export async function rawSql(
  db: Db,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ rows: unknown[] }> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(text, [...values]));
  return { rows };
}

/** Close every connection of {@link openDatabase}, waiting for statements under way. */
export async function closeDatabase(db: Db): Promise<void> {
  pools.delete(db);
  await db.destroy();
}

/**
 * Ask the server for its version.
 *
 * @returns for example "18.4"
 * @throws {DatabaseUnavailableError | DatabaseRefusedError} in one sentence, without user or password
 */
export async function pingDatabase(db: Db): Promise<string> {
  const { rows } = await sql<{ version: string; number: number }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::integer as number
  `.execute(db);
  const server = rows[0]!;
  if (server.number < 150_000) {
    throw new DatabaseRefusedError(
      places.get(db) ?? "DATABASE_URL",
      `it is PostgreSQL ${server.version}, 15 or newer is needed`,
    );
  }
  return server.version;
}

/** A connection of its own, for COPY and for session locks. Give it back with `release()`. */
export async function connectionOf(db: Db): Promise<pg.PoolClient> {
  const pool = pools.get(db);
  if (pool === undefined)
    throw new Error("this needs the handle that openDatabase returned, not a transaction or a closed one");
  try {
    return await pool.connect();
  } catch (error) {
    throw connectionRefusal(places.get(db) ?? "", error);
  }
}

/** A handle on one borrowed connection, in whatever transaction it is. Its borrower gives the connection back. */
export function onConnection(client: pg.PoolClient): Db {
  const borrowed = {
    query: client.query.bind(client) as pg.PoolClient["query"],
    release: () => {},
  } as unknown as pg.PoolClient;
  return new Kysely<WarehouseTables>({
    dialect: new PostgresDialect({
      pool: { connect: async () => borrowed, end: async () => {}, options: {} },
    }),
  });
}

/** True for errors that mean "the database is away now": edges answer 503 and callers may try again. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError || error instanceof DatabaseRefusedError) return true;
  const code = codeOf(error);
  if (code !== undefined) return /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|57P0)/.test(code);
  return /connection terminated|connection ended|timeout expired/i.test(messageOf(error));
}

/** SQLSTATE of a full disk. */
export const DISK_FULL = "53100";

/** SQLSTATE or system error code of something thrown. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function connectionRefusal(where: string, error: unknown): Error {
  const code = codeOf(error);
  const options = { cause: error };
  if (code !== undefined && /^(28|3D|42501)/.test(code))
    return new DatabaseRefusedError(where, messageOf(error), options);
  if (/timeout exceeded when trying to connect/.test(messageOf(error))) {
    return new DatabaseUnavailableError(where, "no connection became free in time", options);
  }
  // Node tries IPv6 and IPv4 and reports both failures in an AggregateError whose own message is empty.
  const reason = code ?? (messageOf(error) || "connection failed");
  return new DatabaseUnavailableError(where, reason, options);
}

/** Host, port and database of a URL: what may be shown to people. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || "localhost"}:${port || 5432}${pathname}`;
  } catch {
    return "DATABASE_URL";
  }
}

function typeParsers(): pg.CustomTypesConfig {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(OID_INT8, Number);
  overrides.setTypeParser(OID_NUMERIC, Number);
  overrides.setTypeParser(OID_DATE, (text: string) => text);
  return overrides;
}
