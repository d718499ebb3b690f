import { expect, test } from "vitest";
import type { Store } from "./api-types.ts";
import { searchStores } from "./search-stores.ts";

const store = (
  store_id: number,
  store_type: string | null,
  assortment: string | null,
  sales_rank: number | null = null,
): Store => ({
  store_id,
  store_type,
  assortment,
  sales_rank,
  competition_distance: null,
  promo2: null,
  total_sales: 0,
  avg_daily_sales: null,
  last_date: null,
});
const stores = [store(1, "a", "a", 3), store(2, "c", "c", 1), store(12, "c", "a", 2), store(112, null, null)];
const ids = (text: string) => searchStores(stores, text).map((entry) => entry.store_id);

test("nothing typed finds every store", () => {
  expect(ids("")).toEqual([1, 2, 12, 112]);
  expect(ids("   ")).toEqual([1, 2, 12, 112]);
});

test("a number finds the stores that start with it, the exact one first", () => {
  expect(ids("12")).toEqual([12]);
  expect(ids("1")).toEqual([1, 12, 112]);
  expect(
    searchStores([store(112, "a", "a"), store(11, "a", "a")], "11").map((entry) => entry.store_id),
  ).toEqual([11, 112]);
});

test("words find type, assortment and rank, and several words must all fit", () => {
  expect(ids("type c")).toEqual([2, 12]);
  expect(ids("extended")).toEqual([2]);
  expect(ids("type c basic")).toEqual([12]);
  expect(ids("store 12 type c")).toEqual([12]);
  expect(ids("rank 1")).toEqual([2]);
});

test("what fits nothing finds nothing", () => {
  expect(ids("warehouse")).toEqual([]);
});
