import { expect, test } from "vitest";
import { ratios, weekly } from "./weekly.ts";

test("weekly sums whole weeks counted back from the end and leaves out a part of a week", () => {
  const days = Array.from({ length: 23 }, (_, i) => i);
  expect(weekly(days)).toEqual([35, 84, 133]);
  expect(weekly(Array(21).fill(1))).toEqual([7, 7, 7]);
});

test("fewer than three weeks stay days, and a missing day makes its week missing", () => {
  expect(weekly([1, 2, 3])).toEqual([1, 2, 3]);
  expect(weekly([])).toEqual([]);
  const gap = Array(21).fill(1);
  gap[10] = Number.NaN;
  expect(weekly(gap)).toEqual([7, Number.NaN, 7]);
});

test("ratios have no value where there is nothing to divide by", () => {
  expect(ratios([4, 1], [2, 0])).toEqual([2, Number.NaN]);
});
