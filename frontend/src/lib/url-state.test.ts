import { expect, test } from "vitest";
import {
  findUrlProblems,
  parseAsBounded,
  parseAsDay,
  parseAsId,
  parseAsIds,
  sharedParams,
} from "./url-state.ts";

test("a day of the address is a real day or nothing", () => {
  expect(parseAsDay.parse("2015-07-31")).toBe("2015-07-31");
  for (const text of ["2015-02-30", "yesterday", "", "2015-07-31 "])
    expect(parseAsDay.parse(text)).toBeNull();
});

test("an id is a whole number from 1 up", () => {
  expect(parseAsId.parse("262")).toBe(262);
  for (const text of ["0", "-1", "1.5", "1e3", "007", "abc", ""]) expect(parseAsId.parse(text)).toBeNull();
});

test("ids are distinct, and one bad one makes all of them bad", () => {
  expect(parseAsIds.parse("3,1,3")).toEqual([3, 1]);
  expect(parseAsIds.parse("3,x")).toBeNull();
  expect(parseAsIds.serialize([3, 1])).toBe("3,1");
});

test("a bounded number outside its bounds is bad", () => {
  const horizon = parseAsBounded(1, 180);
  expect(horizon.parse("180")).toBe(180);
  for (const text of ["0", "181", "30.5", "-7", ""]) expect(horizon.parse(text)).toBeNull();
});

test("findUrlProblems names what cannot be read and lets unknown names be", () => {
  const search = new URLSearchParams("from=2015-99-01&store=12&compare=x&utm=1&constructor=1");
  expect(findUrlProblems(search, sharedParams)).toEqual([
    { name: "from", value: "2015-99-01" },
    { name: "compare", value: "x" },
  ]);
  expect(findUrlProblems(new URLSearchParams("from=2015-01-01&compare=year"), sharedParams)).toEqual([]);
});

test("what is written into an address is read back", () => {
  for (const [parser, value] of [
    [parseAsDay, "2014-02-28"],
    [parseAsId, 1115],
    [parseAsIds, [1, 2, 3]],
  ] as const) {
    const text = parser.serialize(value as never);
    expect(parser.parse(text)).toEqual(value);
  }
});
