import { expect, test } from "vitest";
import { comparisonPeriod, lastDays, resolvePeriod, yearToDate } from "./period.ts";

const data = { from: "2013-01-01", to: "2015-07-31" };

test("without a wish the period is the last 90 days of the data, not of the calendar", () => {
  expect(resolvePeriod({ from: null, to: null }, data)).toEqual({
    from: "2015-05-03",
    to: "2015-07-31",
    problem: null,
  });
});

test("a missing end is the data's last day, a missing start is 90 days before the end", () => {
  expect(resolvePeriod({ from: "2015-01-01", to: null }, data)).toMatchObject({
    from: "2015-01-01",
    to: "2015-07-31",
  });
  expect(resolvePeriod({ from: null, to: "2014-03-31" }, data)).toMatchObject({
    from: "2014-01-01",
    to: "2014-03-31",
  });
});

test("a start after the end falls back to the default and says so", () => {
  const period = resolvePeriod({ from: "2015-06-02", to: "2015-06-01" }, data);
  expect(period).toMatchObject({ from: "2015-05-03", to: "2015-07-31" });
  expect(period.problem).toContain("2015-06-02");
});

test("presets never start before the data", () => {
  expect(lastDays({ from: "2015-07-25", to: "2015-07-31" }, 90)).toEqual({
    from: "2015-07-25",
    to: "2015-07-31",
  });
  expect(yearToDate(data)).toEqual({ from: "2015-01-01", to: "2015-07-31" });
});

test("the comparison has the same length, and the same weekdays for a year before", () => {
  const period = { from: "2015-05-03", to: "2015-07-31" };
  expect(comparisonPeriod(period, "previous", data)).toEqual({ from: "2015-02-02", to: "2015-05-02" });
  expect(comparisonPeriod(period, "year", data)).toEqual({ from: "2014-05-04", to: "2014-08-01" });
});

test("without enough data before, or without the wish, there is no comparison", () => {
  expect(comparisonPeriod(data, "previous", data)).toBeNull();
  expect(comparisonPeriod({ from: "2013-02-01", to: "2013-02-28" }, "year", data)).toBeNull();
  expect(comparisonPeriod(lastDays(data, 30), "none", data)).toBeNull();
});
