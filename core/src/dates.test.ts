import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarParts, dayNumber, easterSunday, isoDate, isoWeek, parseIsoDate, weekday } from "./dates.ts";

const day = (text: string) => parseIsoDate(text)!;

describe("parseIsoDate", () => {
  test("gives days since 1970-01-01", () => {
    expect(parseIsoDate("1970-01-01")).toBe(0);
    expect(parseIsoDate("2015-07-31")).toBe(16_647);
    expect(parseIsoDate("1969-12-31")).toBe(-1);
  });

  test.each([
    "2015-02-29",
    "2015-13-01",
    "2015-00-10",
    "2015-1-1",
    "31/02/2015",
    " 2015-01-01",
    "2015-01-01T00:00",
    "",
  ])("refuses %j", (text) => expect(parseIsoDate(text)).toBeNull());

  test("isoDate is its inverse on every day of four centuries", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 60_000 }), (n) => {
        expect(parseIsoDate(isoDate(n))).toBe(n);
      }),
    );
  });
});

test("dayNumber refuses the 29th of February outside leap years", () => {
  expect(dayNumber(2016, 2, 29)).toBe(day("2016-02-29"));
  expect(dayNumber(2100, 2, 29)).toBeNull();
});

test("weekday counts Monday as 1 and Sunday as 7, before 1970 too", () => {
  expect(weekday(day("2015-07-31"))).toBe(5);
  expect(weekday(day("2015-08-02"))).toBe(7);
  expect(weekday(day("1969-12-29"))).toBe(1);
  fc.assert(fc.property(fc.integer({ min: -9e4, max: 9e4 }), (n) => weekday(n + 1) === (weekday(n) % 7) + 1));
});

test.each([
  ["2014-12-29", 1],
  ["2015-01-01", 1],
  ["2015-12-31", 53],
  ["2016-01-03", 53],
  ["2016-01-04", 1],
])("isoWeek of %s is %i", (text, week) => expect(isoWeek(day(text))).toBe(week));

// Known answers: United States Naval Observatory, "The Date of Easter".
test.each(["2013-03-31", "2014-04-20", "2015-04-05", "2016-03-27", "2038-04-25", "1818-03-22"])(
  "Easter is on %s",
  (text) => expect(isoDate(easterSunday(Number(text.slice(0, 4))))).toBe(text),
);

test("calendarParts knows leap years", () => {
  expect(calendarParts(day("2016-12-31"))).toEqual({
    year: 2016,
    month: 12,
    dayOfMonth: 31,
    dayOfYear: 366,
    weekOfYear: 52,
    daysInMonth: 31,
  });
});
