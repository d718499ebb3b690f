import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writeFileAtomically } from "@rossmann/core";
import type pg from "pg";
import copyStreams from "pg-copy-streams";
import { codeOf, connectionOf, type Db } from "../db.ts";
import { PLAIN_TEXT_FORM, quoted, type StoredTable, storedTables, tableDigest } from "./catalogue.ts";
import { BackupError } from "./errors.ts";
import { BACKUP_FORMAT, type BackupManifest, type BackupTable, manifestPath } from "./manifest.ts";
import { verifyBackup } from "./verify-backup.ts";

export interface BackupOptions {
  onTable?: (name: string, rows: number) => void;
}

/**
 * Write everything the database holds into a folder, all of it from one moment, then read the files back and compare them with
 * what was written. Readers and writers go on meanwhile; a load waits with its swap until the reading is over.
 *
 * @param folder made; must not hold anything yet. It has its name only when it is complete
 * @throws {BackupError} when the folder is taken, or the disk is full
 */
export async function writeBackup(
  db: Db,
  folder: string,
  options: BackupOptions = {},
): Promise<BackupManifest> {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new BackupError("backup_folder_taken", `${target} is not empty: name a new folder`);
  const draft = `${target}.part-${process.pid}`;
  try {
    mkdirSync(join(draft, "tables"), { recursive: true, mode: 0o700 });
    const manifest = await readEverything(db, draft, options);
    writeFileAtomically(manifestPath(draft), `${JSON.stringify(manifest, null, 2)}\n`);
    await verifyBackup(draft);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
    return manifest;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const reason = { ENOSPC: "the disk is full", EACCES: "no write access", EROFS: "the disk is read-only" }[
      codeOf(error) ?? ""
    ];
    if (reason === undefined) throw error;
    throw new BackupError("backup_not_written", `${target} could not be written: ${reason}`, {
      cause: error,
    });
  }
}

async function readEverything(db: Db, folder: string, options: BackupOptions): Promise<BackupManifest> {
  const client = await connectionOf(db);
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`);
    await client.query(PLAIN_TEXT_FORM);
    const tables = await storedTables(client);
    // Everything is locked before the first row is read, so that no load takes a partition away in between.
    await client.query(
      `lock table ${tables.map(({ name }) => quoted(name)).join(", ")} in access share mode`,
    );
    const { rows: migrations } = await client.query<BackupManifest["migrations"][number]>(
      "select version, name, sha256 from schema_migration order by version",
    );
    const { rows: sequences } = await client.query<{ name: string; value: string | null; start: string }>(
      "select sequencename as name, last_value::text as value, start_value::text as start from pg_sequences where schemaname = 'public' order by 1",
    );
    const { rows: server } = await client.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    const kept: BackupTable[] = [];
    for (const table of tables) {
      const written = await writeTable(client, folder, table);
      kept.push(written);
      options.onTable?.(written.name, written.rows);
    }
    await client.query("commit");
    client.release();
    return {
      format: BACKUP_FORMAT,
      createdAt: new Date().toISOString(),
      serverVersion: server[0]!.version,
      migrations,
      tables: kept,
      sequences: sequences.map(({ name, value, start }) => ({
        name,
        value: value ?? start,
        isCalled: value !== null,
      })),
    };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function writeTable(client: pg.PoolClient, folder: string, table: StoredTable): Promise<BackupTable> {
  const file = `tables/${table.name}.copy.gz`;
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const columns = table.columns.map(quoted).join(", ");
  await pipeline(
    client.query(copyStreams.to(`copy ${quoted(table.name)} (${columns}) to stdout`)),
    createGzip({ level: 1 }),
    counted,
    createWriteStream(join(folder, file), { mode: 0o600 }),
  );
  const { rows, digest } = await tableDigest(client, table.name);
  return { ...table, rows, digest, file, bytes, sha256: hash.digest("hex") };
}
