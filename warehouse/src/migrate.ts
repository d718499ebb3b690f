import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "@rossmann/core";
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { MigrationError } from "./errors.ts";

export interface MigrationReport {
  /** names of the migrations this call applied, oldest first; empty when the schema was up to date */
  applied: string[];
  /** highest version now */
  version: number;
}

interface MigrationFile {
  version: number;
  name: string;
  text: string;
  sha256: string;
}

const SQL_FOLDER = fileURLToPath(new URL("../../sql/", import.meta.url));
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Undoes a transaction that was only a trial. */
class TrialOver extends Error {
  readonly report: MigrationReport;
  constructor(report: MigrationReport) {
    super("trial");
    this.report = report;
  }
}

/**
 * Bring the schema up to date: every numbered file that is not applied yet, then all views anew, in one transaction. Processes
 * that start together take turns by an advisory lock; whoever comes second finds nothing left to do.
 *
 * @param folder with `migrations/` and `views/`; the product's own `sql/` by default
 * @throws {MigrationError} when an applied file was edited or is missing, or when a statement fails (nothing is applied then)
 */
export async function migrate(db: Db, folder: string = SQL_FOLDER): Promise<MigrationReport> {
  return db.transaction().execute((trx) => migrateIn(trx, { folder }));
}

/**
 * Run what {@link migrate} would run, against the database as it is, and undo all of it. Tables that a migration changes are
 * locked meanwhile.
 */
export async function tryMigrations(db: Db, folder: string = SQL_FOLDER): Promise<MigrationReport> {
  try {
    await db.transaction().execute(async (trx) => {
      throw new TrialOver(await migrateIn(trx, { folder }));
    });
  } catch (error) {
    if (error instanceof TrialOver) return error.report;
    throw error;
  }
  throw new Error("a trial always ends by being undone");
}

/**
 * {@link migrate} within a transaction of the caller's.
 *
 * @param to highest version to apply; default all. Views belong to the newest version and are made only then
 */
export async function migrateIn(
  trx: Db,
  { folder = SQL_FOLDER, to }: { folder?: string; to?: number } = {},
): Promise<MigrationReport> {
  const files = await migrationFiles(folder);
  const views = await viewFiles(folder);
  await sql`set local statement_timeout = 0`.execute(trx);
  await sql`set local lock_timeout = '60s'`.execute(trx);
  await sql`select pg_advisory_xact_lock(hashtext('schema_migration'), 0)`.execute(trx);
  await sql`
    create table if not exists schema_migration (
      version    integer primary key,
      name       text not null,
      sha256     char(64) not null,
      applied_at timestamptz not null default now()
    )`.execute(trx);
  await sql`comment on table schema_migration is 'One row per numbered SQL file that was applied.'`.execute(
    trx,
  );

  const pending = (await pendingFiles(trx, files)).filter((file) => file.version <= (to ?? Infinity));
  for (const file of pending) {
    await run(trx, file.text, `migration ${file.name}`);
    await trx
      .insertInto("schema_migration")
      .values({ version: file.version, name: file.name, sha256: file.sha256 })
      .execute();
  }
  if (to === undefined) await remakeViews(trx, views);
  return { applied: pending.map((file) => file.name), version: to ?? files.at(-1)?.version ?? 0 };
}

/**
 * Names of the migrations that {@link migrate} would apply; all of them for an empty database.
 *
 * @throws {MigrationError} when an applied file was edited or is missing
 */
export async function pendingMigrations(db: Db, folder: string = SQL_FOLDER): Promise<string[]> {
  const files = await migrationFiles(folder);
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass('schema_migration') is not null as there`.execute(db);
  if (rows[0]?.there !== true) return files.map((file) => file.name);
  return (await pendingFiles(db, files)).map((file) => file.name);
}

/** The migrations of this version of the program, oldest first. */
export async function knownMigrations(): Promise<{ version: number; name: string; sha256: string }[]> {
  return (await migrationFiles(SQL_FOLDER)).map(({ version, name, sha256 }) => ({ version, name, sha256 }));
}

async function pendingFiles(db: Db, files: MigrationFile[]): Promise<MigrationFile[]> {
  const applied = await db.selectFrom("schema_migration").selectAll().orderBy("version").execute();
  for (const row of applied) {
    const file = files.find((each) => each.version === row.version);
    if (file === undefined) {
      throw new MigrationError(
        `the database has migration ${row.name}, which this version of the program does not know: use a newer version`,
      );
    }
    if (file.sha256 !== row.sha256) {
      throw new MigrationError(
        `migration ${file.name} was edited after it was applied: restore it and write a new migration instead`,
      );
    }
  }
  const versions = new Set(applied.map((row) => row.version));
  return files.filter((file) => !versions.has(file.version));
}

/** Views hold no data: they are dropped and made again from their files, in the order of their names. */
async function remakeViews(trx: Db, views: { name: string; text: string }[]): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select viewname as name from pg_views where schemaname = current_schema()
  `.execute(trx);
  for (const view of rows) await sql`drop view if exists ${sql.id(view.name)} cascade`.execute(trx);
  for (const view of views) await run(trx, view.text, `view ${view.name}`);
}

async function run(trx: Db, text: string, what: string): Promise<void> {
  try {
    await sql.raw(text).execute(trx);
  } catch (error) {
    throw new MigrationError(`${what} failed, nothing was changed: ${messageOf(error)}`, { cause: error });
  }
}

async function migrationFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(`${folder}/migrations`)).filter((name) => name.endsWith(".sql")).sort();
  const files: MigrationFile[] = [];
  for (const name of names) {
    const version = Number(FILE_NAME.exec(name)?.[1]);
    if (Number.isNaN(version)) throw new MigrationError(`${name} is not named like 0001_what_it_does.sql`);
    // Gaps are no fault: work that is done at the same time takes its numbers beforehand.
    if (version === files.at(-1)?.version)
      throw new MigrationError(`two migrations have the number of ${name}`);
    const text = await readText(`${folder}/migrations/${name}`);
    files.push({ version, name, text, sha256: createHash("sha256").update(text).digest("hex") });
  }
  return files;
}

async function viewFiles(folder: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(`${folder}/views`)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readText(`${folder}/views/${name}`) })));
}

/** Line ends are made one kind, so that a checkout on Windows has the same checksum. */
async function readText(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replaceAll("\r\n", "\n");
}
