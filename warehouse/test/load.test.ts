import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  chainDailySales,
  createDataSource,
  createLoad,
  type Db,
  etlFindings,
  findEtlRun,
  kpiSummary,
  listEtlRuns,
  listStores,
  readPanel,
  resolveDataSource,
  sourceFootprint,
  startEtlRun,
  storeDailySales,
} from "../src/index.ts";
import { createTestDatabase, loadRows, type TestDatabase, type TestSale } from "../src/testing.ts";

let warehouse: TestDatabase;
let db: Db;
/** A source of the test's own. */
let source: { id: number; name: string };
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(() => warehouse.close());
beforeEach(async () => {
  source = await createDataSource(db, { name: `source ${Math.random()}` });
});

const sale = (storeId: number, date: string, sales: number, more: Partial<TestSale> = {}): TestSale => ({
  storeId,
  date,
  sales,
  ...more,
});
const load = (sales: TestSale[], more: Omit<Parameters<typeof loadRows>[1], "sales"> = {}) =>
  loadRows(db, { dataSourceId: source.id, sales, ...more });
const total = async (id = source.id) =>
  (await kpiSummary(db, { dataSourceId: id, dateFrom: "2000-01-01", dateTo: "2100-01-01" })).totalSales;
const staged = async () =>
  (
    await sql<{
      name: string;
    }>`select relname as name from pg_class where relnamespace = 'staging'::regnamespace and relkind = 'r'`.execute(
      db,
    )
  ).rows;

describe("a full load", () => {
  it("leaves exactly what its files hold", async () => {
    await load([sale(1, "2015-01-01", 10), sale(2, "2015-01-01", 20)], {
      future: [{ storeId: 1, date: "2015-02-01" }],
    });
    const result = await load([
      sale(1, "2015-01-01", 11),
      sale(1, "2015-01-02", 12),
      sale(3, "2015-01-01", 30),
    ]);
    expect(result).toMatchObject({
      factRows: 3,
      rowsUnchanged: 0,
      rowsChanged: 1,
      rowsAdded: 2,
      rowsAbsent: 1,
      storesRemoved: 1,
      futureRows: 0,
    });
    expect(await total()).toBe(53);
    expect((await listStores(db, source.id)).map((store) => store.storeId)).toEqual([1, 3]);
    const panel = await readPanel(db, source.id);
    expect(panel.future.storeIds).toHaveLength(0);
    expect(await staged()).toEqual([]);
  });

  it("again with the same rows reports all of them unchanged", async () => {
    const rows = [sale(1, "2015-01-01", 10, { customers: null, open: null }), sale(2, "2015-01-01", 20.55)];
    await load(rows);
    expect(await load(rows)).toMatchObject({
      rowsUnchanged: 2,
      rowsChanged: 0,
      rowsAdded: 0,
      rowsAbsent: 0,
      storesUnchanged: 2,
    });
  });

  it("counts a row as changed when only a missing value came or went", async () => {
    await load([sale(1, "2015-01-01", 10, { customers: null }), sale(1, "2015-01-02", 10)]);
    expect(
      await load([
        sale(1, "2015-01-01", 10, { customers: 0 }),
        sale(1, "2015-01-02", 10, { stateHoliday: null }),
      ]),
    ).toMatchObject({ rowsUnchanged: 0, rowsChanged: 2 });
  });

  it("does not touch another source, not even the same store and day", async () => {
    await load([sale(1, "2015-01-01", 10)]);
    const other = await createDataSource(db, { name: `other ${Math.random()}` });
    await loadRows(db, { dataSourceId: other.id, sales: [sale(1, "2015-01-01", 999)] });
    expect(await total()).toBe(10);
    expect(await total(other.id)).toBe(999);
    await load([sale(2, "2015-01-01", 7)]);
    expect(await total(other.id)).toBe(999);
    expect((await readPanel(db, other.id)).storeIds).toEqual(Int32Array.of(1));
  });

  it("keeps the calendar without gaps", async () => {
    await load([sale(1, "2012-02-28", 1), sale(1, "2016-03-01", 1)]);
    const { rows } = await sql<{ days: number; span: number }>`
      select count(*) as days, max(full_date) - min(full_date) + 1 as span from dim_date`.execute(db);
    expect(rows[0]?.days).toBe(rows[0]?.span);
    const leap = await sql`select * from dim_date where full_date = '2016-02-29'`.execute(db);
    expect(leap.rows).toEqual([
      {
        date_id: 20160229,
        full_date: "2016-02-29",
        day: 29,
        month: 2,
        year: 2016,
        quarter: 1,
        week_of_year: 9,
        day_of_week: 1,
        is_weekend: false,
      },
    ]);
  });

  it("is one run with its counts, findings and the footprint of what it made visible", async () => {
    const run = await startEtlRun(db, { dataSource: source, trainInputPath: "/in/train.csv" });
    const loading = await createLoad(db, run);
    await loading.stageFacts(lines("1,20150101,10,1,0,0,0,1\n"));
    const finding = {
      code: "ragged_row",
      severity: "error" as const,
      sourceName: "train" as const,
      line: 3,
      columnName: null,
      value: "1,2",
      message: "the line has 2 cells",
    };
    await loading.publish({
      stores: [bareStore(1)],
      counts: { rowsRead: 2, rowsRejected: 1, summary: { storesRead: 1 } },
      findings: [finding],
    });
    await run.release();
    expect(await findEtlRun(db, run.runId)).toMatchObject({
      status: "COMPLETED",
      rowsRead: 2,
      rowsAccepted: 1,
      rowsRejected: 1,
      rowsUnchanged: 0,
      trainInputPath: "/in/train.csv",
      summary: { storesRead: 1, load: { factRows: 1 } },
      errorMessage: null,
    });
    expect(await etlFindings(db, run.runId)).toEqual([finding]);
    expect(await sourceFootprint(db, source.id)).toMatchObject({ etlRunId: run.runId, salesRowsCount: 1 });
  });
});

describe("an incremental load", () => {
  it("adds and updates, and removes nothing that is needed", async () => {
    await load([sale(1, "2015-01-01", 10), sale(2, "2015-01-01", 20)], {
      future: [{ storeId: 9, date: "2015-02-01" }],
    });
    const result = await load(
      [sale(1, "2015-01-01", 11), sale(1, "2015-01-02", 5), sale(2, "2015-01-01", 20)],
      {
        kind: "incremental",
      },
    );
    expect(result).toMatchObject({
      rowsUnchanged: 1,
      rowsChanged: 1,
      rowsAdded: 1,
      rowsAbsent: 0,
      storesRemoved: 0,
    });
    expect(await total()).toBe(36);
    expect((await listStores(db, source.id)).map((store) => store.storeId)).toEqual([1, 2, 9]);
    expect((await readPanel(db, source.id)).future.storeIds).toEqual(Int32Array.of(9));
    expect(await staged()).toEqual([]);
  });

  it("is possible as the first one, and refreshes the aggregates", async () => {
    await load([sale(1, "2015-01-01", 10)], { kind: "incremental" });
    await load([sale(1, "2015-01-02", 20)], { kind: "incremental" });
    const range = { dataSourceId: source.id, dateFrom: "2015-01-01", dateTo: "2015-01-31" };
    expect((await chainDailySales(db, range)).map((day) => day.sales)).toEqual([10, 20]);
    expect(await sourceFootprint(db, source.id)).toMatchObject({ salesRowsCount: 2, dateTo: "2015-01-02" });
  });
});

describe("loads at the same time", () => {
  it("of one source: the second is refused and names the first", async () => {
    const run = await startEtlRun(db, { dataSource: source });
    await expect(startEtlRun(db, { dataSource: source })).rejects.toMatchObject({
      code: "load_in_progress",
      kind: "conflict",
      message: expect.stringMatching(
        new RegExp(`another load of data source "${source.name}" is at work \\(run ${run.runId}`),
      ),
    });
    await run.fail("given up");
    await run.release();
    expect(await total()).toBe(0);
    await load([sale(1, "2015-01-01", 10)]);
    expect(await total()).toBe(10);
  });

  it("of one source, started in the same moment: exactly one wins", async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 4 }, () => startEtlRun(db, { dataSource: source })),
    );
    const winners = attempts.filter((attempt) => attempt.status === "fulfilled");
    expect(winners).toHaveLength(1);
    await winners[0]?.value.release();
  });

  it("of different sources: all run, and each source has its own rows", async () => {
    const sources = await Promise.all(
      Array.from({ length: 4 }, (_, i) => createDataSource(db, { name: `together ${i} ${Math.random()}` })),
    );
    await Promise.all(
      sources.map((each, i) =>
        loadRows(db, {
          dataSourceId: each.id,
          sales: Array.from({ length: 200 }, (_, n) => sale(1 + (n % 7), day(n), i + 1)),
        }),
      ),
    );
    expect(await Promise.all(sources.map((each) => total(each.id)))).toEqual([200, 400, 600, 800]);
  });
});

describe("readers", () => {
  it("are never queued for long behind a load, and a long one only delays it", async () => {
    await load([sale(1, "2015-01-01", 10)]);
    const slow = new pg.Client({ connectionString: warehouse.url });
    await slow.connect();
    await slow.query("begin");
    await slow.query("select count(*) from fact_sales_daily");
    let loaded = false;
    const loading = load([sale(1, "2015-01-01", 77)]).then(() => {
      loaded = true;
    });
    const waits: number[] = [];
    for (let i = 0; i < 60; i++) {
      const before = performance.now();
      const [row] = await storeDailySales(db, {
        dataSourceId: source.id,
        storeId: 1,
        dateFrom: "2015-01-01",
        dateTo: "2015-01-01",
      });
      waits.push(performance.now() - before);
      expect(row?.sales).toBe(10);
      await new Promise((go) => setTimeout(go, 20));
    }
    expect(loaded).toBe(false);
    expect(Math.max(...waits)).toBeLessThan(1_000);
    await slow.query("commit");
    await slow.end();
    await loading;
    expect(await total()).toBe(77);
  });

  it("see the old rows or the new ones, never none and never a mixture", async () => {
    const rows = (value: number) => Array.from({ length: 500 }, (_, n) => sale(1 + (n % 5), day(n), value));
    await load(rows(1));
    let running = true;
    const seen = new Set<number>();
    const reading = (async () => {
      while (running) {
        const { rows: sums } = await sql<{ facts: number; daily: number }>`
          select (select sum(sales) from fact_sales_daily where data_source_id = ${source.id}) as facts,
            (select sum(sales) from agg_chain_daily where data_source_id = ${source.id}) as daily`.execute(
          db,
        );
        expect(sums[0]?.daily).toBe(sums[0]?.facts);
        seen.add(sums[0]!.facts);
      }
    })();
    for (const value of [2, 3, 4]) await load(rows(value));
    running = false;
    await reading;
    for (const sum of seen) expect([500, 1000, 1500, 2000]).toContain(sum);
  });
});

describe("a load that fails", () => {
  const started = async () => {
    const run = await startEtlRun(db, { dataSource: source });
    return { run, loading: await createLoad(db, run) };
  };
  const counts = { rowsRead: 1, rowsRejected: 0, summary: {} };

  it.each([
    ["a row that breaks a rule of the table", "1,20150101,-5,1,0,0,0,1\n", /chk_sales_non_negative/],
    ["a key that stands twice", "1,20150101,5,1,0,0,0,1\n1,20150101,5,1,0,0,0,1\n", /key/],
    ["a text that is no number", "1,20150101,x,1,0,0,0,1\n", /invalid input syntax/],
  ])("while copying %s leaves the old rows and says so", async (_, text, reason) => {
    await load([sale(1, "2015-01-01", 10)]);
    const { run, loading } = await started();
    await expect(loading.stageFacts(lines(text))).rejects.toMatchObject({
      code: "load_failed",
      message: expect.stringMatching(reason),
    });
    await run.fail("broken");
    await loading.discard();
    await run.release();
    expect(await total()).toBe(10);
    expect(await staged()).toEqual([]);
    expect((await findEtlRun(db, run.runId)).status).toBe("FAILED");
  });

  it("because a store is unknown leaves everything as it was", async () => {
    await load([sale(1, "2015-01-01", 10)]);
    const { run, loading } = await started();
    await loading.stageFacts(lines("1,20150101,5,1,0,0,0,1\n2,20150101,5,1,0,0,0,1\n"));
    await expect(loading.publish({ stores: [bareStore(1)], counts, findings: [] })).rejects.toMatchObject({
      code: "load_failed",
      message: expect.stringContaining("fk_fact_store"),
    });
    await loading.discard();
    await run.fail("unknown store");
    await run.release();
    expect(await total()).toBe(10);
    const range = { dataSourceId: source.id, dateFrom: "2015-01-01", dateTo: "2015-01-01" };
    expect(await chainDailySales(db, range)).toMatchObject([{ sales: 10, storeDays: 1 }]);
  });

  it("because its lines end in an error passes that error on", async () => {
    const { run, loading } = await started();
    const broken = async function* () {
      yield "1,20150101,5,1,0,0,0,1\n";
      throw Object.assign(new Error("write failed"), { code: "ENOSPC" });
    };
    await expect(loading.stageFacts(broken())).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringContaining("what was there before is untouched"),
    });
    await run.release();
    expect(await staged()).toEqual([]);
  });

  it("must not publish once another process has given it up as dead", async () => {
    await load([sale(1, "2015-01-01", 10)]);
    const { run, loading } = await started();
    await loading.stageFacts(lines("1,20150101,99,1,0,0,0,1\n"));
    await sql`update etl_run_registry set status = 'FAILED' where run_id = ${run.runId}`.execute(db);
    await expect(loading.publish({ stores: [bareStore(1)], counts, findings: [] })).rejects.toMatchObject({
      code: "run_not_running",
    });
    await loading.discard();
    await run.release();
    expect(await total()).toBe(10);
    expect((await listEtlRuns(db, { dataSourceId: source.id, status: "COMPLETED" })).length).toBe(1);
  });
});

describe("resolveDataSource", () => {
  it("takes an id, a number in digits, a name, or nothing for the default", async () => {
    const byDefault = await resolveDataSource(db);
    expect(byDefault).toMatchObject({ id: 1, name: "Rossmann Default", isDefault: true });
    for (const reference of [source.id, String(source.id), source.name, ` ${source.name} `]) {
      expect((await resolveDataSource(db, reference)).id).toBe(source.id);
    }
  });

  it("refuses an unknown one and lists the known", async () => {
    await expect(resolveDataSource(db, "nobody")).rejects.toMatchObject({
      code: "data_source_not_found",
      message: expect.stringContaining('there is no data source "nobody"; known are: 1 "Rossmann Default"'),
    });
  });

  it("refuses one that is switched off, unless asked not to", async () => {
    const off = await createDataSource(db, { name: `off ${Math.random()}`, isActive: false });
    await expect(resolveDataSource(db, off.id)).rejects.toMatchObject({ code: "data_source_inactive" });
    expect((await resolveDataSource(db, off.id, { allowInactive: true })).id).toBe(off.id);
  });
});

async function* lines(text: string): AsyncGenerator<string> {
  yield text;
}

function day(n: number): string {
  return new Date(Date.UTC(2014, 0, 1 + n)).toISOString().slice(0, 10);
}

function bareStore(storeId: number) {
  return {
    storeId,
    storeType: "a",
    assortment: "a",
    competitionDistance: null,
    competitionOpenSinceMonth: null,
    competitionOpenSinceYear: null,
    promo2: 0,
    promo2SinceWeek: null,
    promo2SinceYear: null,
    promoInterval: null,
  };
}
