import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, type Db, migrate, openDatabase, pendingMigrations } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

const product = fileURLToPath(new URL("../../sql", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "migrate-"));
afterAll(() => rmSync(root, { recursive: true }));

let empty: TestDatabase;
let folder: string;
beforeEach(async () => {
  empty = await createTestDatabase({ empty: true });
  folder = mkdtempSync(join(root, "sql"));
  cpSync(product, folder, { recursive: true });
});
afterEach(() => empty.close());

async function tables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')`.execute(db);
  return rows.map((row) => row.name);
}

describe("migrate", () => {
  it("makes the schema with views and one default source, once", async () => {
    const pending = await pendingMigrations(empty.db);
    const first = await migrate(empty.db);
    expect(first.applied).toEqual(pending);
    expect(first.applied[0]).toBe("0001_star_schema.sql");
    expect(first.version).toBe(Number(first.applied.at(-1)?.slice(0, 4)));
    expect(await tables(empty.db)).toEqual(
      expect.arrayContaining(["fact_sales_daily", "v_kpi_summary", "schema_migration"]),
    );
    expect(await pendingMigrations(empty.db)).toEqual([]);
    expect((await migrate(empty.db)).applied).toEqual([]);
    const { rows } = await sql`select name, is_default from data_source`.execute(empty.db);
    expect(rows).toEqual([{ name: "Rossmann Default", is_default: true }]);
  });

  it("is safe when processes start together: each file is applied by one of them", async () => {
    const others = Array.from({ length: 3 }, () => openDatabase(empty.url, { poolSize: 1 }));
    const reports = await Promise.all([empty.db, ...others].map((db) => migrate(db)));
    await Promise.all(others.map(closeDatabase));
    const applied = reports.flatMap((report) => report.applied);
    expect(applied).toEqual([...new Set(applied)]);
    expect(await pendingMigrations(empty.db)).toEqual([]);
  });

  it("refuses a file that was edited after it was applied", async () => {
    await migrate(empty.db, folder);
    const file = join(folder, "migrations/0002_aggregates.sql");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n-- afterthought\n`);
    await expect(migrate(empty.db, folder)).rejects.toMatchObject({
      code: "migration_refused",
      message: expect.stringContaining("0002_aggregates.sql was edited"),
    });
  });

  it("does not mind the line ends of a checkout", async () => {
    await migrate(empty.db, folder);
    const file = join(folder, "migrations/0001_star_schema.sql");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    await expect(migrate(empty.db, folder)).resolves.toMatchObject({ applied: [] });
  });

  it("refuses a database that is ahead of the program", async () => {
    await migrate(empty.db);
    await sql`insert into schema_migration values (9000, '9000_tomorrow.sql', repeat('0', 64))`.execute(
      empty.db,
    );
    await expect(migrate(empty.db)).rejects.toThrow("does not know: use a newer version");
  });

  it("changes nothing when a statement fails, and names the file", async () => {
    writeFileSync(join(folder, "migrations/9000_broken.sql"), "create table half (x integer); select 1/0;");
    await expect(migrate(empty.db, folder)).rejects.toThrow(
      /_broken\.sql failed, nothing was changed: division by zero/,
    );
    expect(await tables(empty.db)).toEqual([]);
  });

  it("refuses two files of one number", async () => {
    writeFileSync(join(folder, "migrations/0002_again.sql"), "select 1;");
    await expect(migrate(empty.db, folder)).rejects.toThrow("two migrations have the number");
  });

  it("makes views anew from their files", async () => {
    await migrate(empty.db, folder);
    writeFileSync(
      join(folder, "views/v_kpi_summary.sql"),
      "create view v_kpi_summary as select 42 as answer;",
    );
    rmSync(join(folder, "views/v_promo_impact.sql"));
    await migrate(empty.db, folder);
    expect((await sql`select * from v_kpi_summary`.execute(empty.db)).rows).toEqual([{ answer: 42 }]);
    expect(await tables(empty.db)).not.toContain("v_promo_impact");
  });
});
