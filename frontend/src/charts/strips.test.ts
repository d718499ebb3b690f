import { expect, test } from "vitest";
import { runs, stripsHeight } from "./strips.ts";

test("runs joins days next to each other", () => {
  expect(runs([true, true, false, true])).toEqual([
    [0, 1],
    [3, 3],
  ]);
  expect(runs([])).toEqual([]);
  expect(runs([false, false])).toEqual([]);
});

test("no strips take no room", () => {
  expect(stripsHeight(0)).toBe(0);
  expect(stripsHeight(3)).toBeGreaterThan(stripsHeight(2));
});
