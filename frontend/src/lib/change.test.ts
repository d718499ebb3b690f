import { expect, test } from "vitest";
import { describeChange, ratioOfChange } from "./change.ts";
import { money, percent } from "./format.ts";

const period = { from: "2015-05-03", to: "2015-07-31" };
const compared = { from: "2015-02-02", to: "2015-05-02" };
const shared = { wish: "previous" as const, period, compared };

test("ratioOfChange needs both figures and something before", () => {
  expect(ratioOfChange(110, 100)).toBeCloseTo(0.1, 12);
  expect(ratioOfChange(110, 0)).toBeNull();
  expect(ratioOfChange(null, 100)).toBeNull();
});

test("a change says value, percent and the period compared", () => {
  expect(describeChange({ ...shared, now: 110, before: 100, format: money })).toMatchObject({
    text: "+10.0%",
    against: "vs the 90 days before",
    exact: "€100 from 2 Feb – 2 May 2015",
  });
});

test("a share changes in points", () => {
  expect(describeChange({ ...shared, now: 0.45, before: 0.4, format: percent, isShare: true })?.text).toBe(
    "+5.0 pts",
  );
});

test("without a wish there is no mark; without earlier data the mark says so", () => {
  expect(describeChange({ ...shared, wish: "none", now: 1, before: 1, format: money })).toBeUndefined();
  expect(describeChange({ ...shared, compared: null, now: 1, before: null, format: money })).toMatchObject({
    text: "–",
    against: "no earlier data",
  });
});
