import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type BackupManifest,
  type Db,
  dailySales,
  migrate,
  openDatabase,
  restoreBackup,
  verifyBackup,
  writeBackup,
} from "../src/index.ts";
import { migrateIn } from "../src/migrate.ts";
import { dumpSchema } from "../src/schema-dump.ts";
import { createTestDatabase, loadRows, type TestDatabase } from "../src/testing.ts";

let folder: string;
let source: TestDatabase;
let target: TestDatabase;
let backup: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-backup-"));
  source = await createTestDatabase();
  await sql`insert into data_source (name) values ('Second')`.execute(source.db);
  const sales = (storeId: number) =>
    Array.from({ length: 40 }, (_, i) => ({
      storeId,
      date: new Date(Date.UTC(2015, 0, 1 + i)).toISOString().slice(0, 10),
      sales: 100 * storeId + i,
      customers: i % 7 === 0 ? null : 10 + i,
    }));
  await loadRows(source.db, { sales: [...sales(1), ...sales(2)] });
  await loadRows(source.db, { sales: sales(7), dataSourceId: 2 });
  await sql`insert into preflight_alert_audit_event (alert_id, event_type, actor, payload_json) values ('p', 'X', E'a\tb\\\\c\nd', '{"ä": 1}')`.execute(
    source.db,
  );
  backup = join(folder, "backup");
  await writeBackup(source.db, backup);
});
beforeEach(async () => {
  target = await createTestDatabase({ empty: true });
  return () => target.close();
});
afterAll(async () => {
  await source.close();
  rmSync(folder, { recursive: true, force: true });
});

const rowsOf = async (db: Db, table: string) =>
  (await sql.raw<{ row: string }>(`select t::text as row from ${table} t order by 1`).execute(db)).rows;

/** A copy of the backup with its manifest changed. */
function changed(change: (manifest: BackupManifest) => void): string {
  const copy = mkdtempSync(join(folder, "changed-"));
  cpSync(backup, copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(copy, "manifest.json"), "utf8")) as BackupManifest;
  change(manifest);
  writeFileSync(join(copy, "manifest.json"), JSON.stringify(manifest));
  return copy;
}

test("a restored database holds the same schema and the same rows, and goes on counting where the other stopped", async () => {
  const { manifest } = await restoreBackup(target.db, backup);
  expect(await dumpSchema(target.db)).toBe(await dumpSchema(source.db));
  for (const { name } of manifest.tables) {
    expect([name, await rowsOf(target.db, name)]).toEqual([name, await rowsOf(source.db, name)]);
  }
  const period = { dataSourceId: 2, dateFrom: "2015-01-01", dateTo: "2015-12-31" };
  expect(await dailySales(target.db, period)).toEqual(await dailySales(source.db, period));
  const added = await sql<{
    id: number;
  }>`insert into data_source (name) values ('Third') returning id`.execute(target.db);
  expect(added.rows[0]!.id).toBe(3);
  await expect(
    sql`update preflight_alert_audit_event set actor = 'somebody else'`.execute(target.db),
  ).rejects.toThrow();
  await expect(sql`delete from dim_store`.execute(target.db)).rejects.toThrow(/foreign key/);
});

test("a backup of an older schema is restored as it was and then brought up to date", async () => {
  const old = await createTestDatabase({ empty: true });
  try {
    await old.db.transaction().execute((trx) => migrateIn(trx, { to: 4 }));
    await sql`insert into data_source (name) values ('From before')`.execute(old.db);
    const path = join(folder, "old");
    await writeBackup(old.db, path);
    const { applied } = await restoreBackup(target.db, path);
    expect(applied[0]).toMatch(/^0005_/);
    expect((await rowsOf(target.db, "data_source")).map(({ row }) => row).join()).toContain("From before");
    expect((await migrate(target.db)).applied).toEqual([]);
  } finally {
    await old.close();
  }
});

describe("a database that is not empty", () => {
  beforeEach(async () => {
    await migrate(target.db);
    await loadRows(target.db, { sales: [{ storeId: 5, date: "2014-01-01", sales: 3 }] });
    await sql`create table of_others (id integer)`.execute(target.db);
  });

  test("is left alone without `replace`", async () => {
    await expect(restoreBackup(target.db, backup)).rejects.toMatchObject({
      code: "restore_target_not_empty",
    });
    expect(await rowsOf(target.db, "dim_store")).toHaveLength(1);
  });

  test("is replaced as a whole with it, and tables of others stay", async () => {
    await restoreBackup(target.db, backup, { replace: true });
    expect(await rowsOf(target.db, "fact_sales_daily")).toEqual(await rowsOf(source.db, "fact_sales_daily"));
    expect(await rowsOf(target.db, "of_others")).toEqual([]);
  });

  test("keeps what it holds when the restore fails half-way", async () => {
    const copy = changed(({ tables }) => {
      tables.find(({ name }) => name === "known_future")!.digest = "1";
    });
    const before = await rowsOf(target.db, "fact_sales_daily");
    await expect(restoreBackup(target.db, copy, { replace: true })).rejects.toThrow(
      /known_future.*nothing was changed/,
    );
    expect(await rowsOf(target.db, "fact_sales_daily")).toEqual(before);
  });

  test("is not restored under a running platform", async () => {
    const platform = openDatabase(target.url, { applicationName: "rossmann", poolSize: 1 });
    try {
      await sql`select 1`.execute(platform);
      await expect(restoreBackup(target.db, backup, { replace: true })).rejects.toMatchObject({
        code: "restore_target_in_use",
      });
    } finally {
      await platform.destroy();
    }
  });
});

describe("a backup that cannot be used is refused with what is wrong and what to do", () => {
  test("of a newer version", async () => {
    const newer = changed(({ migrations }) =>
      migrations.push({ version: 9999, name: "9999_x.sql", sha256: "" }),
    );
    await expect(restoreBackup(target.db, newer)).rejects.toThrow(/newer version.*9999_x\.sql.*that version/);
  });

  test("of another layout", async () => {
    const other = changed((manifest) => {
      manifest.format = 2;
    });
    await expect(restoreBackup(target.db, other)).rejects.toThrow(/layout 2, this program reads layout 1/);
  });

  test("missing, damaged or incomplete", async () => {
    await expect(verifyBackup(join(folder, "nowhere"))).rejects.toMatchObject({ code: "backup_missing" });
    const copy = changed(() => {});
    truncateSync(join(copy, "tables", "dim_date.copy.gz"), 50);
    await expect(verifyBackup(copy)).rejects.toThrow(/dim_date\.copy\.gz .*damaged/);
    rmSync(join(copy, "tables", "dim_date.copy.gz"));
    await expect(verifyBackup(copy)).rejects.toThrow(/dim_date\.copy\.gz is missing/);
    writeFileSync(join(copy, "manifest.json"), "{");
    await expect(verifyBackup(copy)).rejects.toMatchObject({ code: "backup_damaged" });
  });

  test("a folder that holds something already", async () => {
    await expect(writeBackup(source.db, backup)).rejects.toMatchObject({ code: "backup_folder_taken" });
  });
});
