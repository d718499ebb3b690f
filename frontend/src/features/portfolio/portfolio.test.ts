import { expect, test } from "vitest";
import { fakeBatch } from "../../../test/fake-batch.ts";
import { fakeChain } from "../../../test/fake-chain.ts";
import { findStores } from "../../components/stores-picker.tsx";
import type { Batch } from "../../lib/api-types.ts";
import { chartSummary } from "./components/portfolio-chart.tsx";
import { portfolioCsv } from "./portfolio-csv.ts";
import { type Selection, selectionProblems, selectionWords, selectStores } from "./selection.ts";
import { gridRows, totalRows } from "./week-rows.ts";

const chain = fakeChain(40);
const none: Selection = { pick: "top", top: 10, stores: [], type: "", assortment: "", promo2: null };
const ids = (selection: Partial<Selection>) =>
  selectStores(chain.stores, { ...none, ...selection }).map((store) => store.store_id);

test("best sellers are picked by real sales, not by number", () => {
  const bySales = chain.stores.toSorted((a, b) => (b.total_sales ?? 0) - (a.total_sales ?? 0));
  expect(ids({ top: 5 })).toEqual(bySales.slice(0, 5).map((store) => store.store_id));
  expect(ids({ top: 2000 })).toHaveLength(40);
});

test("a segment is what all its marks say; without a mark it is empty", () => {
  const both = chain.stores.filter((store) => store.store_type === "a" && store.promo2 === 1);
  expect(ids({ pick: "segment", type: "a", promo2: "1" })).toEqual(both.map((store) => store.store_id));
  expect(ids({ pick: "segment" })).toEqual([]);
});

test("chosen stores that the data does not have are left out and named", () => {
  const selection: Selection = { ...none, pick: "search", stores: [3, 99, 7] };
  expect(selectStores(chain.stores, selection).map((store) => store.store_id)).toEqual([3, 7]);
  expect(selectionProblems(chain.stores, selection)[0]?.sentence).toBe(
    "There is no store 99 in this data; it is left out.",
  );
  expect(selectionProblems(undefined, selection)).toEqual([]);
  expect(selectionProblems(chain.stores, { ...none, pick: "segment", type: "z" })[0]?.sentence).toBe(
    "No store is of type “z”.",
  );
});

test("a selection is said in words", () => {
  const words = (selection: Partial<Selection>) =>
    selectionWords({ ...none, ...selection }, selectStores(chain.stores, { ...none, ...selection }), 40);
  expect(words({})).toBe("The 10 best-selling stores");
  expect(words({ pick: "all" })).toBe("All 40 stores");
  expect(words({ pick: "search", stores: [4] })).toBe("Store 4");
  expect(words({ pick: "segment", promo2: "1" })).toMatch(/^The \d+ stores with Promo2$/);
});

test("a pasted list of numbers finds exactly those stores", () => {
  expect(findStores(chain.stores, "1, 12;13 99").map((store) => store.store_id)).toEqual([1, 12, 13]);
  expect(findStores(chain.stores, "12").map((store) => store.store_id)).toEqual([12]);
});

test("a tint compares sales per day, so a part of a week is not pale for being short", () => {
  const weeks = [
    { date_from: "2015-08-01", date_to: "2015-08-02" },
    { date_from: "2015-08-03", date_to: "2015-08-09" },
    { date_from: "2015-08-10", date_to: "2015-08-16" },
  ] as Batch["weeks"];
  const stores = [
    { store_id: 1, weekly_sales: [200, 700, 1400] },
    { store_id: 2, weekly_sales: [20, 70, 105] },
  ] as Batch["store_summaries"];
  const tints = (heat: "store" | "all") =>
    gridRows({ weeks, store_summaries: stores }, heat).map((row) => row.tints);
  expect(tints("store")).toEqual([
    [0, 0, 1],
    [0, 0, 1],
  ]);
  expect(tints("all").flat().at(-1)).toBeCloseTo(5 / 190, 9);
});

test("the sums of the weeks add up to the total, the limits are those of the sums", () => {
  const batch = fakeBatch(chain, { store_ids: [1, 2, 3], horizon_days: 30 });
  const [sum, lower] = totalRows(batch);
  const added = (sum?.weeks ?? []).reduce<number>((total, week) => total + (week ?? 0), 0);
  expect(added).toBeCloseTo(batch.portfolio_summary.total_predicted_sales, 6);
  expect(sum?.total).toBe(batch.portfolio_summary.total_predicted_sales);
  expect(lower?.total).toBe(batch.portfolio_summary.total_lower);
});

test("the file has the columns that readers of earlier files know first, and the API's figures to the last digit", () => {
  const batch = fakeBatch(chain, { store_ids: [1, 2, 3], horizon_days: 14 });
  const { name, content } = portfolioCsv(batch);
  const [header, ...lines] = content.trimEnd().split("\r\n");
  expect(name).toBe("portfolio_forecast_3stores_14d.csv");
  expect(header).toMatch(/^date,predicted_sales,predicted_lower,predicted_upper,/);
  expect(lines.map((line) => Number(line.split(",")[1]))).toEqual(
    batch.portfolio_series.map((point) => point.predicted_sales),
  );
});

test("the chart's sentence leaves out days on which most stores are closed", () => {
  const { portfolio_series: points } = fakeBatch(chain, { store_ids: [1, 2, 3], horizon_days: 14 });
  expect(chartSummary(points)).toMatch(/^Between €.* on .* and €.* on .*/);
  expect(chartSummary([])).toBe("No store is open on these days.");
});
