import { expect, test } from "vitest";
import {
  ago,
  clock,
  count,
  day,
  dayLong,
  dayRange,
  distance,
  money,
  moneyAxis,
  moneyShort,
  moneyShortSigned,
  month,
  oddsWords,
  percent,
  percentSigned,
  plural,
} from "./format.ts";

test("a missing value is a dash, and 0 is 0", () => {
  for (const format of [count, money, moneyShort, percent]) {
    expect(format(null)).toBe("–");
    expect(format(undefined)).toBe("–");
    expect(format(Number.NaN)).toBe("–");
    expect(format(Number.POSITIVE_INFINITY)).toBe("–");
  }
  expect(count(0)).toBe("0");
  expect(day(null)).toBe("–");
  expect(day("2015-02-30x")).toBe("–");
  expect(distance(null)).toBe("–");
});

test("money is exact with grouping, and short with three figures from ten thousand", () => {
  expect(money(5_263_112.4)).toBe("€5,263,112");
  expect(moneyShort(667_712_345)).toBe("€668m");
  expect(moneyShort(9_712)).toBe("€9,712");
  expect(moneyShort(-12)).toBe("-€12");
  expect(moneyShort(19.2)).toBe("€19");
  expect(moneyShort(65_000)).toBe("€65.0k");
  expect(moneyShort(9_999.7)).toBe("€10.0k");
  expect(moneyShortSigned(-19.2)).toBe("-€19");
  expect(moneyShortSigned(0.2)).toBe("€0");
  expect(moneyShortSigned(19_995)).toBe("+€20.0k");
  expect(moneyAxis(600_000)).toBe("€600k");
  expect(moneyAxis(7_500)).toBe("€7.5k");
});

test("a change carries its sign, except when it is nothing", () => {
  expect(percentSigned(0.0213)).toBe("+2.1%");
  expect(percentSigned(-0.5)).toBe("-50.0%");
  expect(percentSigned(0.0001)).toBe("0.0%");
});

test("a business day is the same day in every time zone", () => {
  const zone = process.env.TZ;
  try {
    for (const name of ["America/Los_Angeles", "Pacific/Auckland", "UTC"]) {
      process.env.TZ = name;
      expect(day("2015-07-31")).toBe("31 Jul 2015");
      expect(dayLong("2015-03-29")).toBe("Sun, 29 Mar 2015");
      expect(month("2015-07-01")).toBe("Jul 2015");
    }
  } finally {
    process.env.TZ = zone;
  }
});

test("a range says a shared year once and a single day once", () => {
  expect(dayRange("2015-05-03", "2015-07-31")).toBe("3 May – 31 Jul 2015");
  expect(dayRange("2014-12-31", "2015-01-01")).toBe("31 Dec 2014 – 1 Jan 2015");
  expect(dayRange("2015-07-31", "2015-07-31")).toBe("31 Jul 2015");
});

test("how long ago is said in the largest unit that fits", () => {
  const now = Date.parse("2015-08-01T12:00:00Z");
  expect(ago("2015-08-01T11:59:50Z", now)).toBe("just now");
  expect(ago("2015-08-01T11:48:00Z", now)).toBe("12 min ago");
  expect(ago("2015-08-01T09:00:00Z", now)).toBe("3 hr ago");
  expect(ago("2015-07-31T12:00:00Z", now)).toBe("yesterday");
  expect(ago(null, now)).toBe("–");
});

test("one is one, many are many", () => {
  expect(plural(1, "day")).toBe("1 day");
  expect(plural(1115, "store")).toBe("1,115 stores");
  expect(distance(570)).toBe("570 m");
  expect(distance(1270)).toBe("1.3 km");
  expect(clock(new Date(2015, 6, 31, 14, 5))).toBe("14:05");
});

test("the level is said as odds", () => {
  expect([0.8, 0.9, 0.95].map(oddsWords)).toEqual([
    "in 8 of 10 cases",
    "in 9 of 10 cases",
    "in 19 of 20 cases",
  ]);
});
