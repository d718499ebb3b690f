import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  chainDailySales,
  chainMonthlySales,
  type Db,
  kpiSummary,
  listStores,
  promoImpact,
  sourceFootprint,
  storeDailySales,
  storeMonthlySales,
  storeMovers,
  streamDailySales,
} from "../src/index.ts";
import { createTestDatabase, loadRows, type TestDatabase } from "../src/testing.ts";

/**
 * The golden chain, small enough to check by hand. 2015-01-30 is a Friday.
 *
 *              Fri 30 Jan   Sat 31 Jan   Sun 1 Feb   Mon 2 Feb
 *   store 1    100 promo    50           0 closed    200 promo
 *   store 2    300          (no row)     70 open?    100
 *
 * On Sunday store 2 does not say whether it was open, nor how many customers came. Customers: sales / 10.
 */
const GOLDEN = [
  { storeId: 1, date: "2015-01-30", sales: 100, customers: 10, promo: 1 },
  { storeId: 1, date: "2015-01-31", sales: 50, customers: 5 },
  { storeId: 1, date: "2015-02-01", sales: 0, customers: 0, open: 0, stateHoliday: "a" },
  { storeId: 1, date: "2015-02-02", sales: 200, customers: 20, promo: 1, schoolHoliday: 1 },
  { storeId: 2, date: "2015-01-30", sales: 300, customers: 30 },
  { storeId: 2, date: "2015-02-01", sales: 70, customers: null, promo: null, open: null },
  { storeId: 2, date: "2015-02-02", sales: 100, customers: 10 },
];

let warehouse: TestDatabase;
let db: Db;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
  await loadRows(db, {
    sales: GOLDEN,
    stores: [
      { storeId: 1, storeType: "c", assortment: "a", competitionDistance: 1270.5, promo2: 0 },
      { storeId: 2, storeType: null, assortment: "c", competitionDistance: null, promo2: 1 },
      { storeId: 3, storeType: "d", assortment: "a" },
    ],
  });
});
afterAll(() => warehouse.close());

const source = { dataSourceId: 1 };
const all = { ...source, dateFrom: "2015-01-01", dateTo: "2015-12-31" };

/** Rows of a table or view as cells, without the source, numbers to two decimals. */
async function cells(name: string, order: string): Promise<unknown[][]> {
  const { rows } = await sql<Record<string, unknown>>`
    select * from ${sql.id(name)} order by ${sql.raw(order)}`.execute(db);
  return rows.map(({ data_source_id: _, ...row }) =>
    Object.values(row).map((cell) => (typeof cell === "number" ? Math.round(cell * 100) / 100 : cell)),
  );
}

describe("the mission's views", () => {
  it("v_kpi_summary has one row per day and store", async () => {
    // full_date, store_id, total_sales, total_customers, avg_sales, promo_days, open_days
    expect(await cells("v_kpi_summary", "full_date, store_id")).toEqual([
      ["2015-01-30", 1, 100, 10, 100, 1, 1],
      ["2015-01-30", 2, 300, 30, 300, 0, 1],
      ["2015-01-31", 1, 50, 5, 50, 0, 1],
      ["2015-02-01", 1, 0, 0, 0, 0, 0],
      ["2015-02-01", 2, 70, 0, 70, 0, 0],
      ["2015-02-02", 1, 200, 20, 200, 1, 1],
      ["2015-02-02", 2, 100, 10, 100, 0, 1],
    ]);
  });

  it("v_sales_timeseries_daily keeps an unknown opening unknown", async () => {
    // full_date, store_id, sales, customers, promo, open
    expect(await cells("v_sales_timeseries_daily", "full_date, store_id")).toEqual([
      ["2015-01-30", 1, 100, 10, 1, 1],
      ["2015-01-30", 2, 300, 30, 0, 1],
      ["2015-01-31", 1, 50, 5, 0, 1],
      ["2015-02-01", 1, 0, 0, 0, 0],
      ["2015-02-01", 2, 70, 0, 0, null],
      ["2015-02-02", 1, 200, 20, 1, 1],
      ["2015-02-02", 2, 100, 10, 0, 1],
    ]);
  });

  it("v_sales_timeseries_monthly averages over the rows of the month", async () => {
    // month_start, store_id, sales, customers, avg_daily_sales
    expect(await cells("v_sales_timeseries_monthly", "month_start, store_id")).toEqual([
      ["2015-01-01", 1, 150, 15, 75],
      ["2015-01-01", 2, 300, 30, 300],
      ["2015-02-01", 1, 200, 20, 100],
      ["2015-02-01", 2, 170, 10, 85],
    ]);
  });

  it("v_top_stores_by_sales ranks by total sales", async () => {
    // store_id, total_sales, avg_daily_sales, total_customers, sales_rank
    expect(await cells("v_top_stores_by_sales", "sales_rank")).toEqual([
      [2, 470, 156.67, 40, 1],
      [1, 350, 87.5, 35, 2],
    ]);
  });

  it("v_promo_impact tells promotion from none", async () => {
    // store_id, promo_flag, avg_sales, avg_customers, num_days, avg_sales_open, open_days
    expect(await cells("v_promo_impact", "store_id, promo_flag")).toEqual([
      [1, "no_promo", 25, 2.5, 2, 50, 1],
      [1, "promo", 150, 15, 2, 150, 2],
      [2, "no_promo", 156.67, 13.33, 3, 200, 2],
    ]);
  });
});

describe("aggregates", () => {
  it("agg_chain_daily sums over the stores", async () => {
    // date_id, sales, customers, store_days, open, promo, promo and open, state holiday, school holiday
    expect(await cells("agg_chain_daily", "date_id")).toEqual([
      [20150130, 400, 40, 2, 2, 1, 1, 0, 0],
      [20150131, 50, 5, 1, 1, 0, 0, 0, 0],
      [20150201, 70, 0, 2, 0, 0, 0, 1, 0],
      [20150202, 300, 30, 2, 2, 1, 1, 0, 1],
    ]);
  });

  it("agg_store_monthly sums over the days", async () => {
    // store_id, month_start, sales, customers, store_days, open_days, promo_days
    expect(await cells("agg_store_monthly", "month_start, store_id")).toEqual([
      [1, "2015-01-01", 150, 15, 2, 2, 1],
      [2, "2015-01-01", 300, 30, 1, 1, 0],
      [1, "2015-02-01", 200, 20, 2, 1, 1],
      [2, "2015-02-01", 170, 10, 2, 1, 0],
    ]);
  });

  it("agg_store holds a store's whole history", async () => {
    // store_id, sales, customers, store_days, open_days, open_sales, first_date, last_date, sales_rank
    expect(await cells("agg_store", "store_id")).toEqual([
      [1, 350, 35, 4, 3, 350, "2015-01-30", "2015-02-02", 2],
      [2, 470, 40, 3, 2, 400, "2015-01-30", "2015-02-02", 1],
    ]);
  });

  it("agg_store_promo counts weekday open days apart", async () => {
    // store_id, promo_flag, sales, customers, num_days, open_days, open_sales, open_customers, weekday open days and sales
    expect(await cells("agg_store_promo", "store_id, promo_flag")).toEqual([
      [1, "no_promo", 50, 5, 2, 1, 50, 5, 0, 0],
      [1, "promo", 300, 30, 2, 2, 300, 30, 2, 300],
      [2, "no_promo", 470, 40, 3, 2, 400, 40, 2, 400],
    ]);
  });

  it("sourceFootprint says what is there and which load brought it", async () => {
    expect(await sourceFootprint(db, 1)).toEqual({
      dataSourceId: 1,
      storesCount: 2,
      salesRowsCount: 7,
      dateFrom: "2015-01-30",
      dateTo: "2015-02-02",
      loadedAt: expect.any(Date),
      etlRunId: expect.stringMatching(/^etl_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
    });
    expect(await sourceFootprint(db, 99)).toBeNull();
  });
});

describe("kpiSummary", () => {
  it("of the whole chain takes its mean over days", async () => {
    expect(await kpiSummary(db, all)).toEqual({
      dateFrom: "2015-01-01",
      dateTo: "2015-12-31",
      storeId: null,
      totalSales: 820,
      totalCustomers: 75,
      avgDailySales: 205,
      promoDays: 2,
      openDays: 5,
      storeDays: 7,
      openStoreDays: 5,
      promoStoreDays: 2,
      promoShare: 2 / 5,
      salesPerCustomer: 820 / 75,
      storesCount: 2,
    });
  });

  it("of one store counts its own days, the unknown opening not as open", async () => {
    expect(await kpiSummary(db, { ...all, storeId: 2 })).toMatchObject({
      storeId: 2,
      totalSales: 470,
      totalCustomers: 40,
      avgDailySales: 470 / 3,
      openDays: 2,
      storeDays: 3,
      promoShare: 0,
      storesCount: 1,
    });
  });

  it.each([
    ["2015-01-31", "2015-01-31", 1],
    ["2015-01-31", "2015-02-01", 2],
    ["2015-01-01", "2015-01-31", 2],
    ["2015-01-31", "2015-02-28", 2],
    ["2015-03-01", "2015-03-31", 0],
    ["2014-05-05", "2014-05-05", 0],
  ])("from %s to %s counts %i stores with a row", async (dateFrom, dateTo, stores) => {
    expect((await kpiSummary(db, { ...source, dateFrom, dateTo })).storesCount).toBe(stores);
  });

  it("of a range or a store without rows is zeros, and null where a ratio has no base", async () => {
    for (const nothing of [
      { ...source, dateFrom: "2013-01-01", dateTo: "2013-01-02" },
      { ...all, storeId: 77 },
    ]) {
      expect(await kpiSummary(db, nothing)).toMatchObject({
        totalSales: 0,
        avgDailySales: 0,
        openDays: 0,
        promoShare: null,
        salesPerCustomer: null,
        storesCount: 0,
      });
    }
  });
});

describe("promoImpact", () => {
  it("has no uplift where one side has no weekday open day", async () => {
    const rows = await promoImpact(db, source);
    expect(rows.map((row) => [row.storeId, row.promoFlag, row.avgSalesOpen, row.upliftPct])).toEqual([
      [1, "no_promo", 50, null],
      [1, "promo", 150, null],
      [2, "no_promo", 200, null],
    ]);
    expect(rows[2]?.avgSales).toBeCloseTo(470 / 3, 6);
    expect(rows[2]?.avgCustomers).toBeCloseTo(40 / 3, 6);
    expect(rows[2]).toMatchObject({ numDays: 3, avgCustomersOpen: 20, openDays: 2 });
  });

  it("has the uplift in per cent, from weekday open days alone", async () => {
    const other = await createTestDatabase();
    try {
      await loadRows(other.db, {
        sales: [
          { storeId: 5, date: "2015-01-05", sales: 100 },
          { storeId: 5, date: "2015-01-06", sales: 150, promo: 1 },
          { storeId: 5, date: "2015-01-07", sales: 9_999, open: 0 },
          { storeId: 5, date: "2015-01-10", sales: 9_999 },
        ],
      });
      const rows = await promoImpact(other.db, { dataSourceId: 1, storeId: 5 });
      expect(rows.map((row) => row.upliftPct)).toEqual([50, 50]);
    } finally {
      await other.close();
    }
  });
});

describe("storeMovers", () => {
  const february = { ...source, dateFrom: "2015-02-01", dateTo: "2015-02-02" };

  it("compares with the period of the same length before, largest change first", async () => {
    expect(await storeMovers(db, february)).toEqual([
      {
        storeId: 2,
        storeType: null,
        sales: 170,
        previousSales: 300,
        change: -130,
        changePct: expect.closeTo(-43.333, 2),
      },
      {
        storeId: 1,
        storeType: "c",
        sales: 200,
        previousSales: 150,
        change: 50,
        changePct: expect.closeTo(33.333, 2),
      },
    ]);
  });

  it("holds to its limit and leaves out stores without rows in one period", async () => {
    expect(await storeMovers(db, { ...february, limit: 1 })).toHaveLength(1);
    expect(await storeMovers(db, { ...february, dateTo: "2015-02-01" })).toMatchObject([{ storeId: 1 }]);
  });
});

describe("sales series", () => {
  it("storeDailySales has the marks of each day", async () => {
    const marks = { customers: 0, promo: 0, open: 1, stateHoliday: "0", schoolHoliday: 0 };
    expect(await storeDailySales(db, { ...all, storeId: 2 })).toEqual([
      { ...marks, date: "2015-01-30", storeId: 2, sales: 300, customers: 30 },
      { ...marks, date: "2015-02-01", storeId: 2, sales: 70, open: null },
      { ...marks, date: "2015-02-02", storeId: 2, sales: 100, customers: 10 },
    ]);
  });

  it("chainDailySales counts stores", async () => {
    const [first, , third] = await chainDailySales(db, all);
    expect(first).toEqual({
      date: "2015-01-30",
      sales: 400,
      customers: 40,
      promo: 1,
      open: 2,
      stateHoliday: 0,
      schoolHoliday: 0,
      storeDays: 2,
    });
    expect(third).toMatchObject({ date: "2015-02-01", open: 0, stateHoliday: 1 });
  });

  it("storeMonthlySales clips the months that the range cuts, and says so", async () => {
    const range = { ...source, dateFrom: "2015-01-31", dateTo: "2015-02-28" };
    expect(await storeMonthlySales(db, range)).toEqual([
      { monthStart: "2015-01-01", storeId: 1, sales: 50, customers: 5, avgDailySales: 50, partial: true },
      { monthStart: "2015-02-01", storeId: 1, sales: 200, customers: 20, avgDailySales: 100, partial: false },
      { monthStart: "2015-02-01", storeId: 2, sales: 170, customers: 10, avgDailySales: 85, partial: false },
    ]);
    expect(await storeMonthlySales(db, { ...range, storeId: 2 })).toHaveLength(1);
  });

  it("a range inside one month is one partial month", async () => {
    const range = { ...source, dateFrom: "2015-02-01", dateTo: "2015-02-01" };
    expect(await storeMonthlySales(db, { ...range, storeId: 2 })).toMatchObject([
      { sales: 70, partial: true },
    ]);
    expect(await chainMonthlySales(db, range)).toMatchObject([{ sales: 70, partial: true }]);
  });

  it("chainMonthlySales takes its mean over days", async () => {
    const whole = { storeId: null, partial: false };
    expect(await chainMonthlySales(db, all)).toEqual([
      { ...whole, monthStart: "2015-01-01", sales: 450, customers: 45, avgDailySales: 225 },
      { ...whole, monthStart: "2015-02-01", sales: 370, customers: 30, avgDailySales: 185 },
    ]);
  });

  it.each([
    ["2015-01-30", "2015-02-02"],
    ["2015-01-31", "2015-02-01"],
    ["2015-02-02", "2015-03-05"],
  ])("monthly sums are the daily sums from %s to %s", async (dateFrom, dateTo) => {
    const range = { ...source, dateFrom, dateTo };
    const sum = (rows: { sales: number }[]) => rows.reduce((total, row) => total + row.sales, 0);
    const daily = sum(await chainDailySales(db, range));
    expect(sum(await chainMonthlySales(db, range))).toBe(daily);
    expect(sum(await storeMonthlySales(db, range))).toBe(daily);
  });

  it("streamDailySales comes by date, then store, in batches", async () => {
    const batches: string[][] = [];
    for await (const batch of streamDailySales(db, all, 3)) {
      batches.push(batch.map((row) => `${row.date} ${row.storeId}`));
    }
    expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
    expect(batches.flat()).toEqual([...batches.flat()].sort());
  });

  it("streamDailySales may be left early, and gives its connection back", async () => {
    for (let round = 0; round < 15; round++) {
      for await (const batch of streamDailySales(db, { ...all, storeIds: [2] }, 1)) {
        expect(batch).toMatchObject([{ storeId: 2, date: "2015-01-30" }]);
        break;
      }
    }
    expect((await kpiSummary(db, all)).storeDays).toBe(7);
  });
});

describe("listStores", () => {
  it("has master data with figures, and nulls where there are no sales", async () => {
    expect(await listStores(db, 1)).toEqual([
      {
        storeId: 1,
        storeType: "c",
        assortment: "a",
        competitionDistance: 1270.5,
        promo2: 0,
        totalSales: 350,
        avgDailySales: expect.closeTo(350 / 3, 6),
        salesRank: 2,
        lastDate: "2015-02-02",
      },
      {
        storeId: 2,
        storeType: null,
        assortment: "c",
        competitionDistance: null,
        promo2: 1,
        totalSales: 470,
        avgDailySales: 200,
        salesRank: 1,
        lastDate: "2015-02-02",
      },
      expect.objectContaining({
        storeId: 3,
        totalSales: 0,
        avgDailySales: null,
        salesRank: null,
        lastDate: null,
      }),
    ]);
    expect(await listStores(db, 2)).toEqual([]);
  });
});
