import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ingest } from "@rossmann/etl";
import { createDataSource, recordForecastRun, resolveDataSource, startEtlRun } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { etlRunDetailSchema, etlRunsSchema } from "../src/schemas/etl-runs.ts";
import { forecastRunDetailSchema, forecastRunsSchema } from "../src/schemas/forecast-runs.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";

const folder = mkdtempSync(join(tmpdir(), "run-history-"));
let database: TestDatabase;
let app: Api;
let other: number;

beforeAll(async () => {
  database = await createTestDatabase();
  app = appOn(database.db);
  other = (await createDataSource(database.db, { name: "Other" })).id;
});
afterAll(async () => {
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => (await app.inject(`/api/v1${path}`)).json();

/** Every item of a list, asked for page by page. */
async function pages<Item>(
  path: string,
  read: (answer: unknown) => { items: Item[]; next_cursor: string | null },
) {
  const items: Item[] = [];
  let cursor = "";
  for (let page = 0; page < 20; page++) {
    const answer = read(await get(`${path}${path.includes("?") ? "&" : "?"}limit=2${cursor}`));
    expect(answer.items.length).toBeLessThanOrEqual(2);
    items.push(...answer.items);
    if (answer.next_cursor === null) return items;
    cursor = `&cursor=${answer.next_cursor}`;
  }
  throw new Error("the pages have no end");
}

describe("GET /etl/runs", () => {
  test("tells each load once, newest first, also loads of one moment; and one source's only", async () => {
    const dataSource = await resolveDataSource(database.db, other);
    for (let each = 0; each < 5; each++) {
      const run = await startEtlRun(database.db, { dataSource, trainInputPath: "/srv/secret/train.csv" });
      await run.fail("broken off");
      await run.release();
    }
    await sql`update etl_run_registry set started_at = '2026-01-01T00:00:00.123456Z' where data_source_id = ${other}
      and run_id in (select run_id from etl_run_registry limit 3)`.execute(database.db);
    const runs = await pages(`/etl/runs?data_source_id=${other}`, (answer) => etlRunsSchema.parse(answer));
    expect(new Set(runs.map(({ run_id }) => run_id)).size).toBe(5);
    const times = runs.map(({ started_at }) => started_at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(JSON.stringify(runs)).not.toContain("/srv");
    expect(runs[0]?.files).toEqual([
      { source_name: "train", label: "train.csv", size_bytes: null, sha256: null },
    ]);
    expect(etlRunsSchema.parse(await get("/etl/runs"))).toMatchObject({ items: [], data_source_id: 1 });
    expect(
      etlRunsSchema.parse(await get(`/etl/runs?data_source_id=${other}&status=COMPLETED`)).items,
    ).toEqual([]);
  });

  test("one load tells its files with their checksums, its findings, and what it wrote", async () => {
    const train = join(folder, "sales.csv");
    const store = join(folder, "shops.csv");
    const header = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";
    writeFileSync(train, `${header}\n1,5,2015-07-31,10,1,1,0,0,0\n1,4,2015-07-30,wrong,1,1,0,0,0\n`);
    writeFileSync(store, "Store,StoreType,Assortment\n1,a,a\n");
    const dataSource = await resolveDataSource(database.db);
    const load = () => ingest(database.db, { train, store, future: null, dataSource });
    const { runId } = await load();
    const run = etlRunDetailSchema.parse(await get(`/etl/runs/${runId}`));
    expect(run).toMatchObject({
      status: "COMPLETED",
      rows_read: 2,
      rows_accepted: 1,
      rows_rejected: 1,
      facts: { is_current: true, rows_written: 1, rows_added: 1, stores: 1 },
    });
    expect(run.findings.filter(({ severity }) => severity === "error")).toMatchObject([
      { source_name: "train", line: 3, column_name: "sales", value: "wrong" },
    ]);
    expect(run.files).toMatchObject([
      {
        source_name: "train",
        label: "sales.csv",
        size_bytes: 134,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      {
        source_name: "store",
        label: "shops.csv",
        size_bytes: 33,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(JSON.stringify(run)).not.toContain(folder);
    await load();
    expect(etlRunDetailSchema.parse(await get(`/etl/runs/${runId}`)).facts).toMatchObject({
      is_current: false,
    });
  });
});

describe("GET /forecast/runs", () => {
  test("tells each forecast once, and one with its points", async () => {
    for (let day = 1; day <= 5; day++) {
      await recordForecastRun(database.db, {
        runType: day === 5 ? "batch" : "forecast",
        status: "COMPLETED",
        dataSourceId: other,
        storeId: day === 5 ? null : 7,
        modelVersion: 1,
        origin: "2015-07-31",
        points: [
          {
            storeId: 7,
            targetDate: "2015-08-01",
            predictedSales: day,
            predictedLower: 0,
            predictedUpper: 9,
            known: true,
          },
        ],
      });
    }
    const path = `/forecast/runs?data_source_id=${other}`;
    const runs = await pages(path, (answer) => forecastRunsSchema.parse(answer));
    expect(new Set(runs.map(({ run_id }) => run_id)).size).toBe(5);
    expect(forecastRunsSchema.parse(await get(`${path}&store_id=7&run_type=forecast`)).items).toHaveLength(4);
    const batch = runs.find(({ run_type }) => run_type === "batch");
    expect(forecastRunDetailSchema.parse(await get(`/forecast/runs/${batch?.run_id}`)).points).toEqual([
      {
        store_id: 7,
        date: "2015-08-01",
        predicted_sales: 5,
        predicted_lower: 0,
        predicted_upper: 9,
        known: true,
      },
    ]);
  });
});

test.each(["/etl/runs/nobody", "/forecast/runs/nobody"])("%s is 404 in one sentence", async (path) => {
  expect(problemSchema.parse(await get(path))).toMatchObject({
    status: 404,
    code: "run_not_found",
    detail: expect.stringMatching(/^there is no .* nobody$/),
  });
});

test.each([
  "/etl/runs?cursor=../../etc/passwd",
  "/etl/runs?limit=0",
  "/etl/runs?status=DONE",
  "/forecast/runs?limit=201",
  "/forecast/runs?run_type=guess",
  "/etl/runs/..%2f..%2fetc%2fpasswd",
])("%s is refused with 422", async (path) => {
  expect(problemSchema.parse(await get(path)).status).toBe(422);
});
