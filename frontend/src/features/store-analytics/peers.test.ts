import { expect, test } from "vitest";
import type { Store } from "../../lib/api-types.ts";
import { comparePeers, medianOf } from "./peers.ts";
import { upliftSpread } from "./uplift-spread.ts";

const store = (store_id: number, avg_daily_sales: number | null, store_type = "a"): Store => ({
  store_id,
  store_type,
  assortment: "a",
  competition_distance: null,
  promo2: 0,
  total_sales: 0,
  avg_daily_sales,
  sales_rank: null,
  last_date: null,
});

test("a store is ranked among the stores of its type and assortment that have sales", () => {
  const stores = [store(1, 100), store(2, 300), store(3, 200), store(4, null), store(5, 999, "b")];
  expect(comparePeers(stores, stores[2] as Store)).toMatchObject({
    count: 3,
    rank: 2,
    median: 200,
    ratio: 0,
  });
});

test("a store without sales or without a peer is not compared", () => {
  const stores = [store(1, 100, "b"), store(2, null, "a"), store(3, 1, "a")];
  expect(comparePeers(stores, stores[0] as Store)).toBeNull();
  expect(comparePeers(stores, stores[1] as Store)).toBeNull();
});

test("medianOf takes the middle, or the mean of the two middle ones", () => {
  expect(medianOf([1, 2, 9])).toBe(2);
  expect(medianOf([1, 2, 4, 9])).toBe(3);
  expect(medianOf([])).toBeNaN();
});

test("the spread of uplifts counts each store once and leaves out stores without one", () => {
  const row = (store_id: number, uplift_pct: number | null, promo_flag: "promo" | "no_promo") => ({
    store_id,
    promo_flag,
    uplift_pct,
    avg_sales: 0,
    avg_customers: 0,
    num_days: 0,
    avg_sales_open: 0,
    avg_customers_open: 0,
    open_days: 0,
  });
  const rows = [10, 20, 30, 40].flatMap((uplift, i) => [row(i, uplift, "no_promo"), row(i, uplift, "promo")]);
  const spread = upliftSpread([...rows, row(9, null, "promo")]);
  expect(spread?.stores).toBe(4);
  expect([spread?.lower, spread?.median, spread?.upper].map((ratio) => ratio?.toFixed(6))).toEqual([
    "0.150000",
    "0.250000",
    "0.350000",
  ]);
  expect(upliftSpread([row(1, null, "promo")])).toBeNull();
});
