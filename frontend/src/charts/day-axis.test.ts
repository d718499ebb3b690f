import { expect, test } from "vitest";
import { addDays, weekdayOf } from "../lib/days.ts";
import { labelledDays } from "./day-axis.ts";

const days = (count: number, from = "2015-01-01") =>
  Array.from({ length: count }, (_, i) => addDays(from, i));

test("no more labels than there is room for, and at least one", () => {
  for (const count of [1, 2, 7, 14, 15, 30, 90, 132, 365, 942]) {
    for (const width of [120, 300, 700, 1200]) {
      const chosen = labelledDays(days(count), width, "daily").filter(Boolean).length;
      expect(chosen).toBeGreaterThanOrEqual(1);
      expect(chosen).toBeLessThanOrEqual(Math.max(2, Math.floor(width / 64)));
    }
  }
  expect(labelledDays([], 500, "daily")).toEqual([]);
});

test("a quarter is labelled on Mondays, years on first days of months", () => {
  const quarter = days(90);
  labelledDays(quarter, 1000, "daily").forEach((isLabelled, i) => {
    if (isLabelled) expect(weekdayOf(quarter[i] as string)).toBe(1);
  });
  const years = days(942);
  labelledDays(years, 1000, "daily").forEach((isLabelled, i) => {
    if (isLabelled) expect(years[i]).toMatch(/-01$/);
  });
});
