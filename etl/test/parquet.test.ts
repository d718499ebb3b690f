import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPanel } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportParquet, readPanelParquet } from "../src/index.ts";
import { openWorkbench } from "../src/workbench.ts";

let database: TestDatabase;
let folder: string;
let out: string;
const SOURCES = [
  { id: 1, name: "Rossmann Default" },
  { id: 2, name: "Second" },
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-parquet-"));
  out = join(folder, "out");
  database = await createTestDatabase();
  await sql`insert into data_source (name) values ('Second')`.execute(database.db);
  await loadRows(database.db, {
    sales: [
      { storeId: 2, date: "2015-01-02", sales: 20.25, customers: null, open: null },
      { storeId: 1, date: "2015-01-02", sales: 0, open: 0, stateHoliday: "b", promo: null },
      { storeId: 1, date: "2015-01-01", sales: 10, schoolHoliday: 1, stateHoliday: null },
    ],
    future: [{ storeId: 2, date: "2015-01-03", promo: 1, id: 7 }],
    stores: [
      {
        storeId: 1,
        storeType: "c",
        competitionDistance: 1270.5,
        promo2: 1,
        promoInterval: "Jan,Apr,Jul,Oct",
      },
    ],
  });
  await loadRows(database.db, { sales: [{ storeId: 9, date: "2014-05-01", sales: 5 }], dataSourceId: 2 });
  await exportParquet(database.db, out, SOURCES);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const files = (source: number) => ({
  sales: join(out, "fact_sales_daily", `data_source_id=${source}`, "*.parquet"),
  stores: join(out, "dim_store", `data_source_id=${source}`, "part-0.parquet"),
  future: join(out, "known_future", `data_source_id=${source}`, "part-0.parquet"),
});

test.for(SOURCES)("a panel read from Parquet is the panel of the warehouse: $name", async ({ id }) => {
  const { etlRunId: _, ...expected } = await readPanel(database.db, id);
  const { etlRunId: __, ...read } = await readPanelParquet(files(id), id);
  expect(read).toEqual(expected);
});

test("the files are partitioned by data source, hold no wider number than 64 bits, and no draft is left", async () => {
  expect(readdirSync(out).sort()).toEqual(["dim_store", "export.json", "fact_sales_daily", "known_future"]);
  expect(readdirSync(folder)).toEqual(["out"]);
  const workbench = await openWorkbench();
  try {
    const rows = await workbench.all<{ source: number; sales: number }>(
      `select data_source_id as source, sum(sales) as sales from read_parquet('${out}/fact_sales_daily/*/*.parquet', hive_partitioning = true) group by all order by 1`,
    );
    expect(rows).toEqual([
      { source: 1, sales: 30.25 },
      { source: 2, sales: 5 },
    ]);
    const types = await workbench.all<{ type: string }>(
      `select distinct type from parquet_schema('${out}/*/*/*.parquet') where type is not null order by 1`,
    );
    expect(types.map(({ type }) => type)).toEqual(["BYTE_ARRAY", "DOUBLE", "INT32", "INT64"]);
  } finally {
    await workbench.close();
  }
});

test("a folder that holds something, and a file that is no Parquet, are refused", async () => {
  await expect(exportParquet(database.db, out, SOURCES)).rejects.toThrow(/is not empty: name a new folder/);
  const broken = join(folder, "out", "broken.parquet");
  writeFileSync(broken, "no");
  await expect(readPanelParquet({ ...files(1), sales: broken }, 1)).rejects.toMatchObject({
    code: "parquet_unreadable",
  });
  rmSync(broken);
  expect(existsSync(broken)).toBe(false);
});
