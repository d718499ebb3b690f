import { isoDate } from "@rossmann/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { businessDay, oneOf, wholeNumber } from "./values.ts";

describe("wholeNumber", () => {
  const number = wholeNumber(1, 180);

  test.each([7, 7.0, "7", " 7 ", "+7", "7.0", "007"])("takes %j for seven", (form) => {
    expect(number.parse(form)).toBe(7);
  });

  test.each([
    "",
    " ",
    "1.5",
    1.5,
    "1e1",
    "0x7",
    "seven",
    true,
    null,
    ["7"],
    { valueOf: 7 },
    "7 8",
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("refuses %j and says what it found", (form) => {
    const { error } = number.safeParse(form);
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.message).toMatch(/^must be a whole number, got /);
  });

  test("names the range for a number outside of it", () => {
    expect(number.safeParse("181").error?.issues[0]?.message).toBe(
      'must be a whole number from 1 to 180, got "181"',
    );
    expect(number.safeParse(0).error?.issues[0]?.message).toBe("must be a whole number from 1 to 180, got 0");
  });

  test("says that a missing value is required", () => {
    expect(number.safeParse(undefined).error?.issues[0]?.message).toBe("is required: a whole number");
  });

  test("reads every whole number of its range from its text, and echoes no more than a line of what it refuses", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 180 }), (n) => number.parse(String(n)) === n));
    fc.assert(
      fc.property(
        fc.string({ maxLength: 5000 }),
        (text) => (number.safeParse(text).error?.issues[0]?.message.length ?? 0) < 120,
      ),
    );
  });
});

describe("businessDay", () => {
  const day = businessDay();

  test.each([
    "2015-07-31",
    " 2015-07-31 ",
    "2015-07-31T00:00",
    "2015-07-31T00:00:00",
    "2015-07-31T00:00:00.000",
    "2015-07-31 00:00:00Z",
    "2015-07-31T00:00:00+00:00",
    "1438300800",
    1438300800,
  ])("takes %j for 2015-07-31", (form) => {
    expect(day.parse(form)).toBe("2015-07-31");
  });

  test.each([
    "2015-02-29",
    "2015-13-01",
    "31/07/2015",
    "2015-7-31",
    "2015-07-31T10:00:00",
    "20150731",
    "1438300801",
    "",
    "today",
    null,
    true,
    ["2015-07-31"],
    "0001-01-01",
    "+275760-09-13",
    1e300,
    "99999999999999999999",
  ])("refuses %j", (form) => {
    expect(day.safeParse(form).error?.issues[0]?.message).toMatch(/^must be a date like 2015-07-31.*, got /);
  });

  test("refuses days no shop has kept books for, and names the range", () => {
    expect(day.safeParse("1899-12-31").error?.issues[0]?.message).toContain("from 1900-01-01 to 2200-12-31");
    expect(day.safeParse("2201-01-01").error?.issues[0]?.message).toContain("from 1900-01-01 to 2200-12-31");
  });

  test("reads every day from its date and from its seconds", () => {
    const anyDay = fc.integer({ min: -25_567, max: 84_000 });
    fc.assert(
      fc.property(anyDay, (number) => {
        const date = isoDate(number);
        return day.parse(date) === date && day.parse(String(number * 86_400)) === date;
      }),
    );
  });
});

test("oneOf names the words", () => {
  const word = oneOf(["daily", "monthly"]);
  expect(word.parse("daily")).toBe("daily");
  expect(word.safeParse("weekly").error?.issues[0]?.message).toBe(
    'must be "daily" or "monthly", got "weekly"',
  );
});
