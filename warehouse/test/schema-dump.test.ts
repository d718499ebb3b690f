import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpSchema } from "../src/index.ts";
import { createTestDatabase, loadRows, type TestDatabase } from "../src/testing.ts";

let migrated: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  migrated = await createTestDatabase();
  empty = await createTestDatabase({ empty: true });
});
afterAll(async () => {
  await migrated.close();
  await empty.close();
});

describe("dumpSchema", () => {
  it("is what sql/schema.sql holds", async () => {
    const committed = readFileSync(new URL("../../sql/schema.sql", import.meta.url), "utf8");
    // After a change of a migration: npm run generate
    expect(await dumpSchema(migrated.db)).toBe(committed);
  });

  it("makes the same schema in an empty database", async () => {
    const dump = await dumpSchema(migrated.db);
    await sql.raw(dump).execute(empty.db);
    // The server keeps a list of texts as it was written, and writes it with a cast more when it is read back.
    const bare = (text: string) => text.replaceAll(/::(text|character varying)(\[\])?|[()[\]]/g, "");
    expect(bare(await dumpSchema(empty.db))).toBe(bare(dump));
  });

  it("does not show what loads make", async () => {
    const before = await dumpSchema(migrated.db);
    await loadRows(migrated.db, { sales: [{ storeId: 1, date: "2015-01-02", sales: 5 }] });
    expect(await dumpSchema(migrated.db)).toBe(before);
  });

  it("describes every table and view by what one row of it is", async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
        and coalesce(obj_description(oid, 'pg_class'), '') !~ '^One row '
    `.execute(migrated.db);
    expect(rows).toEqual([]);
  });
});
