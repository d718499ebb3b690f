import { parseIsoDate } from "@rossmann/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDataSource, type Db, readPanel } from "../src/index.ts";
import { createTestDatabase, loadRows, type TestDatabase } from "../src/testing.ts";

let warehouse: TestDatabase;
let db: Db;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(() => warehouse.close());

const flag = fc.constantFrom(0, 1, null);
const marks = {
  promo: flag,
  open: flag,
  schoolHoliday: flag,
  stateHoliday: fc.constantFrom("0", "a", "b", "c", null),
};
const key = {
  storeId: fc.integer({ min: 1, max: 6 }),
  date: fc
    .integer({ min: 0, max: 800 })
    .map((n) => new Date(Date.UTC(2013, 0, 1 + n)).toISOString().slice(0, 10)),
};
const unique = { selector: (row: { storeId: number; date: string }) => `${row.storeId} ${row.date}` };
const sales = fc.uniqueArray(
  fc.record({
    ...key,
    ...marks,
    sales: fc.integer({ min: 0, max: 10 ** 9 }).map((n) => n / 100),
    customers: fc.option(fc.nat(10 ** 6)),
  }),
  { ...unique, minLength: 1, maxLength: 80 },
);
const future = fc.uniqueArray(
  fc.record({ ...key, ...marks, id: fc.option(fc.nat(10 ** 6), { nil: undefined }) }),
  { ...unique, maxLength: 20 },
);

const byStoreAndDay = (a: { storeId: number; date: string }, b: { storeId: number; date: string }) =>
  a.storeId - b.storeId || a.date.localeCompare(b.date);
const code = (value: number | null) => value ?? 255;

describe("readPanel", () => {
  it("is what was loaded, ordered by store and day, as a naive sort would have it", async () => {
    await fc.assert(
      fc.asyncProperty(sales, future, async (rows, coming) => {
        const source = await createDataSource(db, { name: `source ${Math.random()}` });
        await loadRows(db, { dataSourceId: source.id, sales: rows, future: coming });
        const panel = await readPanel(db, source.id);
        for (const [columns, expected] of [
          [panel, [...rows].sort(byStoreAndDay)],
          [panel.future, [...coming].sort(byStoreAndDay)],
        ] as const) {
          expect([...columns.storeIds]).toEqual(expected.map((row) => row.storeId));
          expect([...columns.dayNumbers]).toEqual(expected.map((row) => parseIsoDate(row.date)));
          expect([...columns.open]).toEqual(expected.map((row) => code(row.open)));
          expect([...columns.promo]).toEqual(expected.map((row) => code(row.promo)));
          expect([...columns.schoolHoliday]).toEqual(expected.map((row) => code(row.schoolHoliday)));
          expect([...columns.stateHoliday]).toEqual(
            expected.map((row) => (row.stateHoliday === null ? 255 : "0abc".indexOf(row.stateHoliday))),
          );
        }
        const sorted = [...rows].sort(byStoreAndDay);
        expect([...panel.sales]).toEqual(sorted.map((row) => row.sales));
        expect([...panel.customers]).toEqual(sorted.map((row) => row.customers ?? Number.NaN));
        expect([...panel.future.sourceRowIds]).toEqual(
          [...coming].sort(byStoreAndDay).map((row) => row.id ?? Number.NaN),
        );
      }),
      { numRuns: 12 },
    );
  });

  it("of a source without rows is empty", async () => {
    const source = await createDataSource(db, { name: "empty" });
    const panel = await readPanel(db, source.id);
    expect(panel).toMatchObject({ dataSourceId: source.id, etlRunId: null });
    expect(
      [panel.storeIds, panel.sales, panel.future.storeIds, panel.stores.storeIds].map(
        (array) => array.length,
      ),
    ).toEqual([0, 0, 0, 0]);
  });

  it("reads more rows than one message of the server holds, from either way they lie", async () => {
    const source = await createDataSource(db, { name: "long" });
    const day = (n: number) => new Date(Date.UTC(2013, 0, 1 + n)).toISOString().slice(0, 10);
    const rows = Array.from({ length: 30_000 }, (_, n) => ({
      storeId: 1_000_000 + (n % 30),
      date: day(999 - Math.floor(n / 30)),
      sales: n,
    }));
    await loadRows(db, { dataSourceId: source.id, sales: rows });
    const panel = await readPanel(db, source.id);
    expect(panel.sales).toEqual(Float64Array.from([...rows].sort(byStoreAndDay), (row) => row.sales));
  });
});
