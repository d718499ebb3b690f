import { readFileSync } from "node:fs";
import { createLogger, systemEffects } from "@rossmann/core";
import {
  createDataSource,
  type DataSource,
  type Db,
  etlFindings,
  findEtlRun,
  kpiSummary,
  listEtlRuns,
  readPanel,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type IngestProgress, ingest, writeSample } from "../src/index.ts";
import { csv, FUTURE_HEADER, STORE_HEADER, storesCsv, TRAIN_HEADER, testFolder } from "./files.ts";

const files = testFolder();
let warehouse: TestDatabase;
let db: Db;
let dataSource: DataSource;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(async () => {
  await warehouse.close();
  files.remove();
});
beforeEach(async () => {
  dataSource = await createDataSource(db, { name: `source ${Math.random()}` });
});

const effects = systemEffects(createLogger("silent"));
const everything = () => ({ dataSourceId: dataSource.id, dateFrom: "2000-01-01", dateTo: "2100-01-01" });

/** Load these texts as files. */
const load = (
  texts: { train: string; store?: string | null; future?: string },
  more: Partial<Parameters<typeof ingest>[1]> = {},
) =>
  ingest(
    db,
    {
      dataSource,
      train: files.write("train.csv", texts.train),
      store: texts.store === null ? null : files.write("store.csv", texts.store ?? storesCsv(1, 2)),
      future: texts.future === undefined ? null : files.write("test.csv", texts.future),
      ...more,
    },
    effects,
  );

const TRAIN = csv(
  TRAIN_HEADER,
  "1,5,2015-07-31,5263,555,1,1,0,1",
  "2,5,2015-07-31,6064.5,625,1,1,0,1",
  "1,4,2015-07-30,0,0,0,1,a,0",
  "2,4,2015-07-30,10,,,,,",
);

describe("ingest", () => {
  it("puts every row where it belongs and leaves missing values missing", async () => {
    const report = await load({
      train: TRAIN,
      store: csv(STORE_HEADER, '1,c,a,1270,9,2008,0,,,""', '2,a,a,,,,1,13,2010,"Jan,Apr,Jul,Oct"'),
      future: csv(FUTURE_HEADER, "7,1,6,2015-08-01,1,0,0,1", "8,2,6,2015-08-01,,0,0,1"),
    });
    expect(report).toMatchObject({
      rowsRead: 4,
      rowsAccepted: 4,
      rowsRejected: 0,
      rowsUnchanged: 0,
      storesRead: 2,
      futureRead: 2,
      findings: [{ source: "future", code: "open_missing", severity: "warning", column: "open", count: 1 }],
    });
    const panel = await readPanel(db, dataSource.id);
    expect(panel).toMatchObject({
      etlRunId: report.runId,
      storeIds: Int32Array.of(1, 1, 2, 2),
      sales: Float64Array.of(0, 5263, 10, 6064.5),
      customers: Float64Array.of(0, 555, Number.NaN, 625),
      open: Uint8Array.of(0, 1, 255, 1),
      promo: Uint8Array.of(1, 1, 255, 1),
      stateHoliday: Uint8Array.of(1, 0, 255, 0),
      schoolHoliday: Uint8Array.of(0, 1, 255, 1),
    });
    expect(panel.stores).toMatchObject({
      storeType: ["c", "a"],
      competitionDistance: Float64Array.of(1270, Number.NaN),
      competitionOpenSinceYear: Float64Array.of(2008, Number.NaN),
      promo2: Uint8Array.of(0, 1),
      promoInterval: [null, "Jan,Apr,Jul,Oct"],
    });
    expect(panel.future).toMatchObject({
      storeIds: Int32Array.of(1, 2),
      sourceRowIds: Float64Array.of(7, 8),
      open: Uint8Array.of(1, 1),
    });
  });

  it("shows the totals that the files have, on a whole sample chain", async () => {
    const sample = await writeSample(files.path("sample"), { stores: 7, days: 400, seed: 3 });
    const report = await ingest(
      db,
      { dataSource, train: sample.train, store: sample.store, future: sample.future },
      effects,
    );
    const cells = readFileSync(sample.train, "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const kpi = await kpiSummary(db, everything());
    expect(kpi.totalSales).toBe(cells.reduce((sum, row) => sum + Number(row[3]), 0));
    expect(kpi.totalCustomers).toBe(cells.reduce((sum, row) => sum + Number(row[4]), 0));
    expect(kpi.openStoreDays).toBe(cells.filter((row) => row[5] === "1").length);
    expect(kpi).toMatchObject({ storeDays: cells.length, storesCount: 7 });
    expect(report).toMatchObject({ rowsAccepted: sample.trainRows, findings: [] });

    const again = await ingest(
      db,
      { dataSource, train: sample.train, store: sample.store, future: sample.future },
      effects,
    );
    expect(again).toMatchObject({ rowsAccepted: sample.trainRows, rowsUnchanged: sample.trainRows });
  });

  it("rejects later rows of a store-day that stands twice, and names the line of the first", async () => {
    const report = await load({
      train: csv(
        TRAIN_HEADER,
        "1,5,2015-07-31,100,5,1,1,0,1",
        "2,5,2015-07-31,200,5,1,1,0,1",
        "1,5,2015-07-31,100,5,1,1,0,1",
        "1,5,2015-07-31,999,5,1,1,0,1",
      ),
    });
    expect(report).toMatchObject({ rowsRead: 4, rowsAccepted: 2, rowsRejected: 2 });
    expect((await kpiSummary(db, everything())).totalSales).toBe(300);
    expect(await etlFindings(db, report.runId)).toEqual(
      [4, 5].map((line) => ({
        code: "duplicate_store_day",
        severity: "error",
        sourceName: "train",
        line,
        columnName: "full_date",
        value: "1 2015-07-31",
        message: "store and day 1 2015-07-31 stand in line 2 already",
      })),
    );
  });

  it("takes the good row for the first when a refused one stands before it", async () => {
    const report = await load({
      train: csv(TRAIN_HEADER, "1,5,2015-07-31,many,5,1,1,0,1", "1,5,2015-07-31,100,5,1,1,0,1"),
    });
    expect(report).toMatchObject({
      rowsAccepted: 1,
      rowsRejected: 1,
      findings: [{ code: "invalid_number" }],
    });
  });

  it("rejects rows of stores that the store file does not hold, or holds in a refused row", async () => {
    const report = await load({
      train: csv(
        TRAIN_HEADER,
        ...[1, 2, 3, 3].map((store, i) => `${store},5,2015-07-${10 + i},100,5,1,1,0,1`),
      ),
      store: csv(STORE_HEADER, "1,a,a,100,,,0,,,", "2,a,a,far,,,0,,,"),
      future: csv(FUTURE_HEADER, "1,3,6,2015-08-01,1,0,0,1", "2,1,6,2015-08-01,1,0,0,1"),
    });
    expect(report).toMatchObject({
      rowsAccepted: 1,
      rowsRejected: 3,
      storesRejected: 1,
      futureRejected: 1,
      load: { futureRows: 1, stores: 1 },
    });
    const unknown = (await etlFindings(db, report.runId)).filter(
      (finding) => finding.code === "unknown_store",
    );
    expect(unknown.map((finding) => `${finding.sourceName} ${finding.line} ${finding.value}`)).toEqual([
      "train 3 2",
      "train 4 3",
      "train 5 3",
      "future 2 3",
    ]);
    expect(unknown[0]?.message).toBe("store 2 is not among the good rows of store.csv");
  });

  it("takes a store once", async () => {
    const report = await load({
      train: TRAIN,
      store: csv(STORE_HEADER, "1,a,a,1,,,0,,,", "2,a,a,2,,,0,,,", "1,b,b,3,,,0,,,"),
    });
    expect(report).toMatchObject({ storesRead: 3, storesRejected: 1, load: { stores: 2 } });
    expect((await readPanel(db, dataSource.id)).stores.storeType).toEqual(["a", "a"]);
  });

  it("counts what a sample's dirty cells are, one refused row each", async () => {
    const sample = await writeSample(files.path("dirty"), { stores: 5, days: 120, seed: 4, dirtyCells: 24 });
    const report = await ingest(
      db,
      { dataSource, train: sample.train, store: sample.store, future: sample.future },
      effects,
    );
    expect(report).toMatchObject({
      rowsRead: sample.trainRows,
      rowsRejected: 24,
      rowsAccepted: sample.trainRows - 24,
    });
    expect(report.findings.reduce((sum, each) => sum + each.count, 0)).toBe(24);
    const run = await findEtlRun(db, report.runId);
    expect(run).toMatchObject({
      status: "COMPLETED",
      rowsRejected: 24,
      summary: { findings: report.findings },
    });
  });

  it("adds to what is there when the load is incremental, with or without a store file", async () => {
    await load({ train: TRAIN });
    const more = csv(
      TRAIN_HEADER,
      "1,5,2015-07-31,1,1,1,1,0,1",
      "2,6,2015-08-01,5,1,1,0,0,0",
      "9,6,2015-08-01,5,1,1,0,0,0",
    );
    const report = await load({ train: more, store: null }, { kind: "incremental" });
    expect(report).toMatchObject({
      rowsAccepted: 2,
      rowsRejected: 1,
      load: { rowsChanged: 1, rowsAdded: 1, storesRemoved: 0 },
    });
    expect((await kpiSummary(db, everything())).totalSales).toBe(1 + 6064.5 + 0 + 10 + 5);
  });

  it("tells how far it is, in order, with rows per second", async () => {
    const progress: IngestProgress[] = [];
    await load(
      { train: TRAIN, future: csv(FUTURE_HEADER, "7,1,6,2015-08-01,1,0,0,1") },
      { onProgress: (each) => progress.push(each) },
    );
    const phases = [...new Set(progress.map((each) => each.phase))];
    expect(phases).toEqual([
      "read_stores",
      "read_sales",
      "read_future",
      "copy",
      "compare",
      "stores",
      "aggregates",
      "keys",
      "swap",
    ]);
    for (const phase of phases)
      expect(progress.filter((each) => each.phase === phase && each.done)).toHaveLength(1);
    const copied = progress.find((each) => each.phase === "copy" && each.done);
    expect(copied).toMatchObject({ rows: 4, rowsPerSecond: expect.any(Number) });
    expect(progress.map((each) => each.elapsedMs)).toEqual(
      progress.map((each) => each.elapsedMs).sort((a, b) => a - b),
    );
  });
});

describe("the door before reading", () => {
  it("may hand over other files", async () => {
    const better = files.write("better.csv", csv(TRAIN_HEADER, "1,5,2015-07-31,42,5,1,1,0,1"));
    await load({ train: TRAIN }, { admit: async (offered) => ({ ...offered, train: better }) });
    expect((await kpiSummary(db, everything())).totalSales).toBe(42);
  });

  it("may turn the delivery away: nothing is loaded, and the run says why", async () => {
    await load({ train: TRAIN });
    const refusal = new Error("the contract is broken");
    let seen = "";
    const turnedAway = load(
      { train: csv(TRAIN_HEADER, "1,5,2015-07-31,42,5,1,1,0,1") },
      {
        preflightMode: "enforce",
        admit: async (_, runId) => {
          seen = runId;
          throw refusal;
        },
      },
    );
    await expect(turnedAway).rejects.toBe(refusal);
    expect(await findEtlRun(db, seen)).toMatchObject({
      status: "FAILED",
      preflightMode: "enforce",
      errorMessage: "the contract is broken",
    });
    expect((await kpiSummary(db, everything())).storeDays).toBe(4);
  });
});

describe("a delivery that cannot be loaded", () => {
  const good = "1,5,2015-07-31,42,5,1,1,0,1";
  it.each([
    [
      "has no sales rows at all",
      { train: csv(TRAIN_HEADER) },
      "nothing_accepted",
      "train.csv was not loaded: it has a header and no rows",
    ],
    [
      "has no good sales row",
      { train: csv(TRAIN_HEADER, good.replace("2015-07-31", "31/02/2015"), "x") },
      "nothing_accepted",
      'train.csv was not loaded: all 2 rows were rejected, 1 for invalid_date; the first in line 2: full_date is "31/02/2015"',
    ],
    [
      "has sales of unknown stores only",
      { train: csv(TRAIN_HEADER, good), store: storesCsv(8) },
      "nothing_accepted",
      "1 for unknown_store",
    ],
    [
      "has no good store",
      { train: csv(TRAIN_HEADER, good), store: csv(STORE_HEADER, "one,,,,,,,,,") },
      "nothing_accepted",
      "store.csv was not loaded",
    ],
    [
      "has an empty store file",
      { train: csv(TRAIN_HEADER, good), store: "" },
      "file_empty",
      "store.csv is empty",
    ],
    [
      "has a future file of another kind",
      { train: csv(TRAIN_HEADER, good), future: "Id,Sales\n1,0\n" },
      "column_missing",
      "test.csv has no column Store",
    ],
    [
      "misses a column",
      { train: csv("Store,Date,Open", "1,2015-07-31,1") },
      "column_missing",
      "train.csv has no column Sales",
    ],
    ["is no text", { train: "\0\0\0" }, "file_binary", "train.csv is not a text file"],
  ] as const)(
    "because it %s is refused in one sentence; what was there is still there",
    async (_, texts, code, words) => {
      await load({ train: TRAIN });
      await expect(load(texts)).rejects.toMatchObject({
        code,
        kind: "invalid",
        message: expect.stringContaining(words),
      });
      expect((await kpiSummary(db, everything())).storeDays).toBe(4);
      const [latest] = await listEtlRuns(db, { dataSourceId: dataSource.id });
      expect(latest).toMatchObject({ status: "FAILED", errorMessage: expect.stringContaining(words) });
    },
  );

  it("because a file is not there names it", async () => {
    await expect(load({ train: TRAIN }, { train: files.path("nowhere.csv") })).rejects.toMatchObject({
      code: "file_not_found",
      message: expect.stringContaining("nowhere.csv"),
    });
  });

  it("because a full load comes without stores is wrong usage, and no run", async () => {
    await expect(load({ train: TRAIN, store: null })).rejects.toMatchObject({ code: "load_request_invalid" });
    expect(await listEtlRuns(db, { dataSourceId: dataSource.id })).toEqual([]);
  });
});
