import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, daysInRange, fromDayNumber, isDay, toDayNumber, weekdayOf } from "./days.ts";

test("isDay takes real calendar days only", () => {
  for (const day of ["2015-07-31", "2016-02-29", "1970-01-01"]) expect(isDay(day)).toBe(true);
  for (const text of ["2015-02-29", "2015-13-01", "31/07/2015", "2015-7-1", "", "2015-07-31T00:00"])
    expect(isDay(text)).toBe(false);
});

test("day numbers and days are inverse, and adding goes by one day across every month end", () => {
  fc.assert(
    fc.property(fc.integer({ min: -20_000, max: 60_000 }), (number) => {
      const day = fromDayNumber(number);
      expect(isDay(day)).toBe(true);
      expect(toDayNumber(day)).toBe(number);
      expect(daysInRange(day, addDays(day, 1))).toBe(2);
      expect(weekdayOf(addDays(day, 7))).toBe(weekdayOf(day));
    }),
  );
});

test("weekdayOf counts from Monday", () => {
  expect(weekdayOf("2015-07-31")).toBe(5);
  expect(weekdayOf("2015-08-02")).toBe(7);
});
