/** The routes that read, on a chain small enough to be reckoned by hand. */
import { createDataSource } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { Api } from "../src/index.ts";
import { kpiSummarySchema, moversSchema, promoImpactSchema } from "../src/schemas/kpi.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { timeseriesSchema } from "../src/schemas/sales.ts";
import { storesSchema } from "../src/schemas/stores.ts";
import { systemSummarySchema } from "../src/schemas/system.ts";
import { FRESH_MS } from "../src/sources.ts";
import { appOn, movableClock } from "./parts.ts";

/*
 * 2015          Fri 30 Jan    Sat 31 Jan    Sun 1 Feb     Mon 2 Feb
 * store 1       100 promo     200           closed, a     50, customers unknown
 * store 2       300, open?    -             -             80 promo
 * store 3       never sold anything
 */
const SALES = [
  {
    storeId: 1,
    date: "2015-01-30",
    sales: 100,
    customers: 10,
    promo: 1,
    open: 1,
    stateHoliday: "0",
    schoolHoliday: 0,
  },
  {
    storeId: 1,
    date: "2015-01-31",
    sales: 200,
    customers: 20,
    promo: 0,
    open: 1,
    stateHoliday: "0",
    schoolHoliday: 0,
  },
  {
    storeId: 1,
    date: "2015-02-01",
    sales: 0,
    customers: 0,
    promo: 0,
    open: 0,
    stateHoliday: "a",
    schoolHoliday: 0,
  },
  {
    storeId: 1,
    date: "2015-02-02",
    sales: 50,
    customers: null,
    promo: 0,
    open: 1,
    stateHoliday: "0",
    schoolHoliday: 1,
  },
  {
    storeId: 2,
    date: "2015-01-30",
    sales: 300,
    customers: 30,
    promo: 0,
    open: null,
    stateHoliday: "0",
    schoolHoliday: 0,
  },
  {
    storeId: 2,
    date: "2015-02-02",
    sales: 80,
    customers: 8,
    promo: 1,
    open: 1,
    stateHoliday: "0",
    schoolHoliday: 1,
  },
];
const STORES = [
  { storeId: 1, storeType: "a", assortment: "c", competitionDistance: 570, promo2: 1 },
  { storeId: 2, storeType: "b", assortment: null, competitionDistance: null, promo2: 0 },
  { storeId: 3, storeType: null, assortment: null, promo2: null },
];

let database: TestDatabase;
let app: Api;
let otherSource: number;
const clock = movableClock();

beforeAll(async () => {
  database = await createTestDatabase();
  await loadRows(database.db, { sales: SALES, stores: STORES });
  otherSource = (await createDataSource(database.db, { name: "Other chain" })).id;
  await loadRows(database.db, {
    sales: [{ storeId: 1, date: "2015-01-30", sales: 7, customers: 1, promo: 0, open: 1 }],
    dataSourceId: otherSource,
  });
  app = appOn(database.db, { now: clock.now });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

/** The body of a 200, which must be of the form that the route promises and have no field more. */
async function ask<Schema extends z.ZodType>(url: string, schema: Schema): Promise<z.output<Schema>> {
  const answer = await app.inject(`/api/v1${url}`);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  const body: unknown = answer.json();
  const parsed = schema.parse(body);
  expect(body).toEqual(parsed);
  return parsed;
}

const ALL = "date_from=2015-01-30&date_to=2015-02-02";

describe("GET /stores", () => {
  test("lists every store by id with attributes and totals, missing ones null", async () => {
    expect(await ask("/stores", storesSchema)).toEqual([
      {
        store_id: 1,
        store_type: "a",
        assortment: "c",
        competition_distance: 570,
        promo2: 1,
        total_sales: 350,
        avg_daily_sales: 350 / 3,
        sales_rank: 2,
        last_date: "2015-02-02",
      },
      {
        store_id: 2,
        store_type: "b",
        assortment: null,
        competition_distance: null,
        promo2: 0,
        total_sales: 380,
        avg_daily_sales: 80,
        sales_rank: 1,
        last_date: "2015-02-02",
      },
      {
        store_id: 3,
        store_type: null,
        assortment: null,
        competition_distance: null,
        promo2: null,
        total_sales: 0,
        avg_daily_sales: null,
        sales_rank: null,
        last_date: null,
      },
    ]);
  });
});

describe("GET /kpi/summary", () => {
  test("sums the chain; an unknown open is not open, an unknown count of customers is 0", async () => {
    expect(await ask(`/kpi/summary?${ALL}`, kpiSummarySchema)).toEqual({
      date_from: "2015-01-30",
      date_to: "2015-02-02",
      store_id: null,
      total_sales: 730,
      total_customers: 68,
      avg_daily_sales: 730 / 4,
      promo_days: 2,
      open_days: 4,
      store_days: 6,
      open_store_days: 4,
      promo_store_days: 2,
      promo_share: 0.5,
      sales_per_customer: 730 / 68,
      stores_count: 2,
      comparison: null,
    });
  });

  test("answers for one store, and takes its id as text of any usual form", async () => {
    const expected = {
      store_id: 2,
      total_sales: 380,
      total_customers: 38,
      avg_daily_sales: 190,
      promo_days: 1,
      open_days: 1,
      store_days: 2,
      promo_share: 1,
      stores_count: 1,
    };
    for (const form of ["2", "2.0", "%202"]) {
      expect(await ask(`/kpi/summary?${ALL}&store_id=${form}`, kpiSummarySchema)).toMatchObject(expected);
    }
  });

  test("takes a single day, days as instants and as seconds", async () => {
    const day = { date_from: "2015-01-31", date_to: "2015-01-31", total_sales: 200, avg_daily_sales: 200 };
    for (const form of ["2015-01-31", "2015-01-31T00:00:00Z", "1422662400"]) {
      expect(await ask(`/kpi/summary?date_from=${form}&date_to=${form}`, kpiSummarySchema)).toMatchObject(
        day,
      );
    }
  });

  test("is zeros and nulls for an unknown store, a store without sales and an empty period", async () => {
    const nothing = {
      total_sales: 0,
      total_customers: 0,
      avg_daily_sales: 0,
      promo_days: 0,
      open_days: 0,
      store_days: 0,
      promo_share: null,
      sales_per_customer: null,
      stores_count: 0,
    };
    for (const query of [
      `${ALL}&store_id=3`,
      `${ALL}&store_id=999`,
      `${ALL}&store_id=-1`,
      `${ALL}&store_id=2147483647`,
    ]) {
      expect(await ask(`/kpi/summary?${query}`, kpiSummarySchema)).toMatchObject(nothing);
    }
    const future = "date_from=2100-01-01&date_to=2200-12-31";
    expect(await ask(`/kpi/summary?${future}`, kpiSummarySchema)).toMatchObject(nothing);
  });

  test("adds the same figures of the period to compare with", async () => {
    const compared = `/kpi/summary?date_from=2015-02-01&date_to=2015-02-02&compare_from=2015-01-30&compare_to=2015-01-31&store_id=1`;
    expect(await ask(compared, kpiSummarySchema)).toMatchObject({
      total_sales: 50,
      comparison: {
        date_from: "2015-01-30",
        date_to: "2015-01-31",
        store_id: 1,
        total_sales: 300,
        promo_days: 1,
      },
    });
  });

  test("keeps the sources apart", async () => {
    const other = await ask(`/kpi/summary?${ALL}&data_source_id=${otherSource}`, kpiSummarySchema);
    expect(other).toMatchObject({ total_sales: 7, stores_count: 1 });
  });
});

describe("GET /kpi/promo-impact", () => {
  test("has up to two rows per store, and an uplift only where both kinds were open on weekdays", async () => {
    expect(await ask("/kpi/promo-impact", promoImpactSchema)).toEqual([
      {
        store_id: 1,
        promo_flag: "no_promo",
        avg_sales: 250 / 3,
        avg_customers: 20 / 3,
        num_days: 3,
        avg_sales_open: 125,
        avg_customers_open: 10,
        open_days: 2,
        uplift_pct: 100,
      },
      {
        store_id: 1,
        promo_flag: "promo",
        avg_sales: 100,
        avg_customers: 10,
        num_days: 1,
        avg_sales_open: 100,
        avg_customers_open: 10,
        open_days: 1,
        uplift_pct: 100,
      },
      {
        store_id: 2,
        promo_flag: "no_promo",
        avg_sales: 300,
        avg_customers: 30,
        num_days: 1,
        avg_sales_open: null,
        avg_customers_open: null,
        open_days: 0,
        uplift_pct: null,
      },
      {
        store_id: 2,
        promo_flag: "promo",
        avg_sales: 80,
        avg_customers: 8,
        num_days: 1,
        avg_sales_open: 80,
        avg_customers_open: 8,
        open_days: 1,
        uplift_pct: null,
      },
    ]);
  });

  test("answers for one store, and with nothing for an unknown one", async () => {
    expect(await ask("/kpi/promo-impact?store_id=1", promoImpactSchema)).toHaveLength(2);
    expect(await ask("/kpi/promo-impact?store_id=999", promoImpactSchema)).toEqual([]);
  });
});

describe("GET /kpi/movers", () => {
  test("puts the largest change first, up or down, against the same number of days before", async () => {
    // 1 and 2 February against 30 and 31 January: store 1 from 300 to 50, store 2 from 300 to 80.
    expect(await ask("/kpi/movers?date_from=2015-02-01&date_to=2015-02-02", moversSchema)).toEqual(
      [
        {
          store_id: 1,
          store_type: "a",
          sales: 50,
          previous_sales: 300,
          change: -250,
          change_pct: (50 / 300 - 1) * 100,
        },
        {
          store_id: 2,
          store_type: "b",
          sales: 80,
          previous_sales: 300,
          change: -220,
          change_pct: (80 / 300 - 1) * 100,
        },
      ].map((row) => ({ ...row, change_pct: expect.closeTo(row.change_pct, 9) })),
    );
    expect(
      await ask("/kpi/movers?date_from=2015-02-01&date_to=2015-02-02&limit=1", moversSchema),
    ).toHaveLength(1);
    expect(await ask("/kpi/movers?date_from=1900-01-01&date_to=2200-12-31", moversSchema)).toEqual([]);
  });

  test.each(["limit=0", "limit=2001", "limit=x"])("refuses %s", async (limit) => {
    const answer = await app.inject(`/api/v1/kpi/movers?${ALL}&${limit}`);
    expect(answer.statusCode).toBe(422);
  });
});

describe("GET /sales/timeseries", () => {
  const day = (date: string, storeId: number, figures: object) => ({
    date,
    store_id: storeId,
    partial: false,
    ...figures,
  });

  test("has one row per store and day, by day, then store, with the marks of the day", async () => {
    expect(await ask(`/sales/timeseries?${ALL}`, timeseriesSchema)).toEqual([
      day("2015-01-30", 1, {
        sales: 100,
        customers: 10,
        promo: 1,
        open: 1,
        state_holiday: "0",
        school_holiday: 0,
      }),
      day("2015-01-30", 2, {
        sales: 300,
        customers: 30,
        promo: 0,
        open: null,
        state_holiday: "0",
        school_holiday: 0,
      }),
      day("2015-01-31", 1, {
        sales: 200,
        customers: 20,
        promo: 0,
        open: 1,
        state_holiday: "0",
        school_holiday: 0,
      }),
      day("2015-02-01", 1, {
        sales: 0,
        customers: 0,
        promo: 0,
        open: 0,
        state_holiday: "a",
        school_holiday: 0,
      }),
      day("2015-02-02", 1, {
        sales: 50,
        customers: 0,
        promo: 0,
        open: 1,
        state_holiday: "0",
        school_holiday: 1,
      }),
      day("2015-02-02", 2, {
        sales: 80,
        customers: 8,
        promo: 1,
        open: 1,
        state_holiday: "0",
        school_holiday: 1,
      }),
    ]);
  });

  test("has the days of one store", async () => {
    const rows = await ask(`/sales/timeseries?${ALL}&store_id=2&granularity=daily`, timeseriesSchema);
    expect(rows.map(({ date, sales }) => [date, sales])).toEqual([
      ["2015-01-30", 300],
      ["2015-02-02", 80],
    ]);
    expect(await ask(`/sales/timeseries?${ALL}&store_id=999`, timeseriesSchema)).toEqual([]);
  });

  test("sums the chain by day, marks being numbers of stores", async () => {
    const rows = await ask(
      "/sales/timeseries?date_from=2015-02-01&date_to=2015-02-02&aggregate=chain",
      timeseriesSchema,
    );
    const chain = { store_id: null, state_holiday: null, partial: false };
    expect(rows).toEqual([
      {
        ...chain,
        date: "2015-02-01",
        sales: 0,
        customers: 0,
        promo: 0,
        open: 0,
        school_holiday: 0,
        state_holiday_stores: 1,
        stores_count: 1,
      },
      {
        ...chain,
        date: "2015-02-02",
        sales: 130,
        customers: 8,
        promo: 1,
        open: 2,
        school_holiday: 2,
        state_holiday_stores: 0,
        stores_count: 2,
      },
    ]);
  });

  test("sums months over exactly the days of the range, and says which are partial", async () => {
    const none = { promo: null, open: null, state_holiday: null, school_holiday: null };
    const months = await ask(
      "/sales/timeseries?date_from=2015-01-31&date_to=2015-02-28&granularity=monthly",
      timeseriesSchema,
    );
    expect(months).toEqual([
      { ...none, date: "2015-01-01", store_id: 1, sales: 200, customers: 20, partial: true },
      { ...none, date: "2015-02-01", store_id: 1, sales: 50, customers: 0, partial: false },
      { ...none, date: "2015-02-01", store_id: 2, sales: 80, customers: 8, partial: false },
    ]);
    const one = await ask(
      "/sales/timeseries?date_from=2015-01-01&date_to=2015-02-01&granularity=monthly&store_id=1",
      timeseriesSchema,
    );
    expect(one).toEqual([
      { ...none, date: "2015-01-01", store_id: 1, sales: 300, customers: 30, partial: false },
      { ...none, date: "2015-02-01", store_id: 1, sales: 0, customers: 0, partial: true },
    ]);
    const chain = await ask(
      "/sales/timeseries?date_from=2015-01-01&date_to=2015-02-28&granularity=monthly&aggregate=chain",
      timeseriesSchema,
    );
    const ofChain = {
      ...none,
      store_id: null,
      state_holiday_stores: null,
      stores_count: null,
      partial: false,
    };
    expect(chain).toEqual([
      { ...ofChain, date: "2015-01-01", sales: 600, customers: 60 },
      { ...ofChain, date: "2015-02-01", sales: 130, customers: 8 },
    ]);
  });

  test("is an empty list where there is nothing", async () => {
    for (const more of [
      "",
      "&aggregate=chain",
      "&granularity=monthly",
      "&granularity=monthly&aggregate=chain",
    ]) {
      expect(
        await ask(`/sales/timeseries?date_from=2000-01-01&date_to=2000-12-31${more}`, timeseriesSchema),
      ).toEqual([]);
    }
  });

  test.each([
    "granularity=weekly",
    "granularity=",
    "aggregate=region",
    "granularity=daily&granularity=monthly",
  ])("refuses %s", async (query) => {
    expect((await app.inject(`/api/v1/sales/timeseries?${ALL}&${query}`)).statusCode).toBe(422);
  });
});

describe("GET /system/summary", () => {
  test("says what is held, since when, and that no model serves yet", async () => {
    const summary = await ask("/system/summary", systemSummarySchema);
    expect(summary).toEqual({
      stores_count: 3,
      sales_rows_count: 6,
      date_from: "2015-01-30",
      date_to: "2015-02-02",
      data_source: { id: 1, name: "Rossmann Default" },
      loaded_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      etl_run_id: expect.stringMatching(/^etl_/),
      model: null,
      server_version: expect.stringMatching(/^\d+/),
      api_version: "2.0.0",
    });
  });

  test("has zeros and nulls for a source that was never loaded", async () => {
    const { id } = await createDataSource(database.db, { name: "Empty chain" });
    expect(await ask(`/system/summary?data_source_id=${id}`, systemSummarySchema)).toMatchObject({
      stores_count: 0,
      sales_rows_count: 0,
      date_from: null,
      date_to: null,
      data_source: { id, name: "Empty chain" },
      loaded_at: null,
      etl_run_id: null,
      model: null,
    });
    expect(await ask(`/stores?data_source_id=${id}`, storesSchema)).toEqual([]);
  });
});

describe("a data source", () => {
  const routes = [
    "/stores",
    `/kpi/summary?${ALL}`,
    "/kpi/promo-impact",
    `/sales/timeseries?${ALL}`,
    "/system/summary",
    "/model/metadata",
  ];

  test.each(routes)("that does not exist is a 404 at %s", async (route) => {
    const answer = await app.inject(`/api/v1${route}${route.includes("?") ? "&" : "?"}data_source_id=4711`);
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json())).toMatchObject({ code: "data_source_not_found" });
  });

  test("that is switched off is refused with 400", async () => {
    const { id } = await createDataSource(database.db, { name: "Closed chain", isActive: false });
    const answer = await app.inject(`/api/v1/stores?data_source_id=${id}`);
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json())).toMatchObject({ code: "data_source_inactive" });
  });
});

describe("readiness", () => {
  test("waits for a model", async () => {
    const answer = await app.inject("/api/v1/health/ready");
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      status: "not_ready",
      checks: { database: "ok", migrations: "ok", model: "failed" },
    });
  });
});

describe("freshness", () => {
  test.each([
    "/stores",
    `/kpi/summary?${ALL}`,
    "/kpi/promo-impact",
    `/kpi/movers?${ALL}`,
    `/sales/timeseries?${ALL}`,
    `/sales/timeseries?${ALL}&aggregate=chain`,
    "/system/summary",
  ])("%s is a 304 without body for who has it, in any form of the tag", async (route) => {
    const url = `/api/v1${route}`;
    const first = await app.inject(url);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    for (const sent of [etag, etag.slice(2), `"x", ${etag}`, "*"]) {
      const again = await app.inject({ url, headers: { "if-none-match": sent } });
      expect(again.statusCode).toBe(304);
      expect(again.body).toBe("");
      expect(again.headers.etag).toBe(etag);
    }
    expect((await app.inject({ url, headers: { "if-none-match": '"other"' } })).statusCode).toBe(200);
  });

  test("ends with the next load, at the latest a second after it, for its source alone", async () => {
    const url = `/api/v1/kpi/summary?date_from=2015-01-30&date_to=2015-01-30&data_source_id=${otherSource}`;
    const before = await app.inject(url);
    const ofDefault = (await app.inject("/api/v1/stores")).headers.etag;
    await loadRows(database.db, {
      sales: [{ storeId: 1, date: "2015-01-30", sales: 9, customers: 1, promo: 0, open: 1 }],
      dataSourceId: otherSource,
    });
    clock.pass(FRESH_MS);
    const after = await app.inject({ url, headers: { "if-none-match": String(before.headers.etag) } });
    expect(after.statusCode).toBe(200);
    expect(after.json()).toMatchObject({ total_sales: 9 });
    expect((await app.inject("/api/v1/stores")).headers.etag).toBe(ofDefault);
  });

  test("an error carries no tag", async () => {
    const answer = await app.inject("/api/v1/model/metadata");
    expect(answer.statusCode).toBe(404);
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});

test("HEAD answers with the headers of GET and no body", async () => {
  for (const route of ["/stores", `/sales/timeseries?${ALL}`]) {
    const answer = await app.inject({ method: "HEAD", url: `/api/v1${route}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe("");
    expect(answer.headers["content-type"]).toContain("application/json");
  }
});
