import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "kysely";
import type pg from "pg";
import copyStreams from "pg-copy-streams";
import { connectionOf, type Db } from "../db.ts";
import { refusalOfLoad } from "./refusal.ts";

/** Columns of a sales line, in the order a load writes them: comma between, nothing for missing. */
export const FACT_COLUMNS = [
  "store_id",
  "date_id",
  "sales",
  "customers",
  "promo",
  "state_holiday",
  "school_holiday",
  "open",
] as const;
/** Columns of a coming day's line. */
export const FUTURE_COLUMNS = [
  "store_id",
  "date_id",
  "source_row_id",
  "promo",
  "state_holiday",
  "school_holiday",
  "open",
] as const;

/** Lines of text in chunks of any size; a chunk need not end with a line. */
export type LineChunks = AsyncIterable<Buffer | string>;

/**
 * Build a table beside the facts: rows by COPY, then the keys that the partition needs, then statistics, in one transaction, so
 * that a load that is killed here leaves nothing. No reader sees the table.
 *
 * @returns rows copied
 */
export async function stageFacts(
  db: Db,
  table: string,
  dataSourceId: number,
  lines: LineChunks,
): Promise<number> {
  return inOneConnection(db, async (client) => {
    // The check on the source spares a scan when the table becomes a partition. Autovacuum must not hold the table then.
    await client.query(`
      create table ${table} (
        like fact_sales_daily including defaults including constraints,
        constraint staged_source check (data_source_id = ${dataSourceId})
      ) with (autovacuum_enabled = false)`);
    await client.query(`alter table ${table} alter column data_source_id set default ${dataSourceId}`);
    const rows = await copyIn(client, table, FACT_COLUMNS, lines);
    await client.query(`alter table ${table} add primary key (data_source_id, store_id, date_id)`);
    await client.query(`create index on ${table} (date_id, store_id)`);
    await client.query(`analyze ${table}`);
    return rows;
  });
}

/** Like {@link stageFacts}, for the days to come. */
export async function stageFuture(
  db: Db,
  table: string,
  dataSourceId: number,
  lines: LineChunks,
): Promise<number> {
  return inOneConnection(db, async (client) => {
    await client.query(`
      create table ${table} (like known_future including defaults including constraints) with (autovacuum_enabled = false)`);
    await client.query(`alter table ${table} alter column data_source_id set default ${dataSourceId}`);
    const rows = await copyIn(client, table, FUTURE_COLUMNS, lines);
    await client.query(`alter table ${table} add primary key (data_source_id, store_id, date_id)`);
    await client.query(`analyze ${table}`);
    return rows;
  });
}

async function inOneConnection(db: Db, work: (client: pg.PoolClient) => Promise<number>): Promise<number> {
  const client = await connectionOf(db);
  try {
    await client.query("begin");
    await client.query("set local statement_timeout = 0");
    await client.query("set local idle_in_transaction_session_timeout = 0");
    // When this process is killed, the server notices within a second instead of finishing its statement.
    await client.query("set local client_connection_check_interval = '1s'").catch(async () => {
      await client.query("rollback");
      await client.query("begin");
    });
    await client.query("set local maintenance_work_mem = '128MB'");
    const rows = await work(client);
    await client.query("commit");
    client.release();
    return rows;
  } catch (error) {
    client.release(true);
    throw refusalOfLoad(error);
  }
}

async function copyIn(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  lines: LineChunks,
): Promise<number> {
  // Frozen rows need no later visit by readers or vacuum; allowed because this transaction made the table.
  const target = client.query(
    copyStreams.from(
      `copy ${table} (${columns.join(", ")}) from stdin (format text, delimiter ',', null '', freeze true)`,
    ),
  );
  await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 4 }), target);
  return target.rowCount;
}

/** Staging tables of runs that are not RUNNING any more are dropped. @returns how many */
export async function dropOrphanStaging(db: Db): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'staging' and c.relkind = 'r'
      and not exists (
        select from etl_run_registry r
        where r.status = 'RUNNING' and right(c.relname, 8) = right(r.run_id, 8)
      )
  `.execute(db);
  let dropped = 0;
  for (const { name } of rows) {
    try {
      await db.transaction().execute(async (trx) => {
        await sql`set local lock_timeout = '2s'`.execute(trx);
        await sql`drop table if exists ${sql.id("staging", name)}`.execute(trx);
      });
      dropped++;
    } catch {
      // Its connection may still be closing: the next start drops it.
    }
  }
  return dropped;
}
