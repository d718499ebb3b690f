import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf } from "@rossmann/core";
import type pg from "pg";
import copyStreams from "pg-copy-streams";
import { connectionOf, type Db, onConnection } from "../db.ts";
import { knownMigrations, migrateIn } from "../migrate.ts";
import { foreignKeys, ownNames, PLAIN_TEXT_FORM, quoted, storedTables, tableDigest } from "./catalogue.ts";
import { BackupError } from "./errors.ts";
import type { BackupManifest, BackupTable } from "./manifest.ts";
import { verifyBackup } from "./verify-backup.ts";

export interface RestoreOptions {
  /** put the backup in the place of what the database holds */
  replace?: boolean;
  onTable?: (name: string, rows: number) => void;
}

/**
 * Put a backup into the database, in one transaction: the schema is made as it was, the rows are copied, counted and compared
 * with the digests of the backup, then newer migrations are applied. Whatever fails, the database stays as it was.
 *
 * @param db a handle whose process does nothing else with that database
 * @returns what was restored, and the migrations applied after it
 * @throws {BackupError} when the backup is damaged or of a newer version, or when the database is in use or not empty
 */
export async function restoreBackup(
  db: Db,
  folder: string,
  options: RestoreOptions = {},
): Promise<{ manifest: BackupManifest; applied: string[] }> {
  const source = resolve(folder);
  const manifest = await verifyBackup(source);
  const version = await versionOf(manifest, source);
  const client = await connectionOf(db);
  try {
    await client.query("begin");
    await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`);
    await client.query(PLAIN_TEXT_FORM);
    await refuseOccupied(client, options.replace === true);
    const trx = onConnection(client);
    await removeOurs(client);
    await migrateIn(trx, { to: version });
    await fill(client, source, manifest, options);
    const { applied } = await migrateIn(trx);
    await client.query("commit");
    await client.query("analyze");
    client.release();
    return { manifest, applied };
  } catch (error) {
    client.release(true);
    if (error instanceof BackupError) throw error;
    throw new BackupError("restore_failed", `nothing was changed: ${messageOf(error)}`, { cause: error });
  }
}

/** Highest migration of the backup; every one of them must be ours. */
async function versionOf({ migrations }: BackupManifest, folder: string): Promise<number> {
  const known = new Map((await knownMigrations()).map((file) => [file.version, file]));
  for (const { version, name, sha256 } of migrations) {
    const ours = known.get(version);
    if (ours?.sha256 === sha256) continue;
    throw new BackupError(
      "backup_of_other_version",
      ours === undefined
        ? `the backup in ${folder} was made by a newer version of the platform (it has migration ${name}): restore it with that version`
        : `the backup in ${folder} was made by another version of the platform (its migration ${name} differs): restore it with that version`,
    );
  }
  return Math.max(0, ...migrations.map(({ version }) => version));
}

/** Restoring under a running platform, or over data that nobody gave up, is refused. */
async function refuseOccupied(client: pg.PoolClient, replace: boolean): Promise<void> {
  const { rows: others } = await client.query<{ others: number }>(`
    select count(*) as others from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend' and application_name like 'rossmann%'`);
  if (others[0]!.others > 0) {
    throw new BackupError(
      "restore_target_in_use",
      "the platform is at work in this database: stop it first (rossmann down; every serve and worker), then restore",
    );
  }
  if (replace) return;
  for (const name of ["etl_run_registry", "ml_experiment_registry", "preflight_run_registry"]) {
    const { rows } = await client.query<{ there: boolean }>("select to_regclass($1) is not null as there", [
      name,
    ]);
    if (!rows[0]!.there) continue;
    const { rowCount } = await client.query(`select from ${quoted(name)} limit 1`);
    if (rowCount === 0) continue;
    throw new BackupError(
      "restore_target_not_empty",
      "this database holds data already: restore into an empty one (another ROSSMANN_HOME or DATABASE_URL), or replace what it holds with --replace",
    );
  }
}

/** Tables, sequences and functions of our schema; what others keep in the same database stays. */
async function removeOurs(client: pg.PoolClient): Promise<void> {
  const { tables, sequences, functions } = ownNames();
  for (const name of tables) await client.query(`drop table if exists public.${quoted(name)} cascade`);
  for (const name of sequences) await client.query(`drop sequence if exists public.${quoted(name)} cascade`);
  await client.query("drop schema if exists staging cascade");
  const { rows } = await client.query<{ signature: string }>(
    "select oid::regprocedure::text as signature from pg_proc where pronamespace = 'public'::regnamespace and proname = any($1)",
    [functions],
  );
  for (const { signature } of rows) await client.query(`drop function if exists ${signature} cascade`);
}

/**
 * Rows go in without foreign keys and triggers: the keys are checked for all rows at once afterwards, and what triggers count is
 * in the backup itself.
 */
async function fill(
  client: pg.PoolClient,
  folder: string,
  manifest: BackupManifest,
  options: RestoreOptions,
): Promise<void> {
  const keys = await foreignKeys(client);
  for (const { table, name } of keys)
    await client.query(`alter table ${quoted(table)} drop constraint ${quoted(name)}`);
  const seeded = await storedTables(client);
  await client.query(`truncate ${seeded.map(({ name }) => quoted(name)).join(", ")}`);
  for (const { name, partitionOf } of manifest.tables) {
    if (partitionOf !== null && !seeded.some((table) => table.name === name)) {
      await client.query(
        `create table ${quoted(name)} partition of ${quoted(partitionOf.table)} ${partitionOf.bound}`,
      );
    }
  }
  for (const table of manifest.tables) {
    await fillTable(client, folder, table);
    options.onTable?.(table.name, table.rows);
  }
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
  for (const { name, value, isCalled } of manifest.sequences)
    await client.query("select setval($1::regclass, $2::bigint, $3)", [quoted(name), value, isCalled]);
}

async function fillTable(client: pg.PoolClient, folder: string, table: BackupTable): Promise<void> {
  const name = quoted(table.name);
  await client.query(`alter table ${name} disable trigger user`);
  const columns = table.columns.map(quoted).join(", ");
  await pipeline(
    createReadStream(join(folder, table.file)),
    createGunzip(),
    client.query(copyStreams.from(`copy ${name} (${columns}) from stdin`)),
  );
  await client.query(`alter table ${name} enable trigger user`);
  const { rows, digest } = await tableDigest(client, table.name);
  if (rows !== table.rows || digest !== table.digest) {
    throw new BackupError(
      "restore_failed",
      `table ${table.name} does not hold what the backup holds (${rows} of ${table.rows} rows): nothing was changed`,
    );
  }
}
