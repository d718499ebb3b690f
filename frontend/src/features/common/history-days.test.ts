import { expect, test } from "vitest";
import type { ChainSalesPoint, StoreSalesPoint } from "../../lib/api-types.ts";
import { addDays } from "../../lib/days.ts";
import { toHistory } from "./history-days.ts";

const storePoint = (date: string, more: Partial<StoreSalesPoint> = {}): StoreSalesPoint => ({
  date,
  store_id: 1,
  sales: 70,
  customers: 7,
  partial: false,
  promo: 0,
  open: 1,
  state_holiday: "0",
  school_holiday: 0,
  ...more,
});

test("no rows are no days", () => {
  expect(toHistory([], "daily")).toEqual([]);
  expect(toHistory([], "monthly")).toEqual([]);
});

test("a day without a row is missing, not 0, and has no average", () => {
  const days = toHistory([storePoint("2015-07-01"), storePoint("2015-07-03")], "daily");
  expect(days.map((entry) => [entry.date, entry.sales])).toEqual([
    ["2015-07-01", 70],
    ["2015-07-02", null],
    ["2015-07-03", 70],
  ]);
});

test("the average begins with the seventh day and is the mean of seven", () => {
  const days = toHistory(
    Array.from({ length: 8 }, (_, i) => storePoint(addDays("2015-07-01", i), { sales: i })),
    "daily",
  );
  expect(days.map((entry) => entry.average)).toEqual([null, null, null, null, null, null, 3, 4]);
});

test("an unknown state is not a closed day", () => {
  expect(toHistory([storePoint("2015-07-01", { open: null })], "daily")[0]?.isClosed).toBe(false);
  expect(toHistory([storePoint("2015-07-01", { open: 0 })], "daily")[0]?.isClosed).toBe(true);
});

test("the chain has a promotion when half of its open stores have one, and is closed when hardly one is open", () => {
  const chain = (open: number, promo: number): ChainSalesPoint => ({
    ...storePoint("2015-07-01"),
    store_id: null,
    state_holiday: null,
    open,
    promo,
    stores_count: 1000,
    state_holiday_stores: 0,
  });
  expect(toHistory([chain(1000, 500)], "daily")[0]).toMatchObject({ hasPromo: true, isClosed: false });
  expect(toHistory([chain(1000, 499)], "daily")[0]?.hasPromo).toBe(false);
  expect(toHistory([chain(33, 0)], "daily")[0]).toMatchObject({
    isClosed: true,
    notes: ["33 of 1,000 stores open"],
  });
});

test("a part of a month says that it is one", () => {
  expect(toHistory([storePoint("2015-07-01", { partial: true })], "monthly")[0]).toMatchObject({
    isPartial: true,
    notes: ["Only a part of the month"],
  });
});
