import { describe, expect, test } from "vitest";
import { categoryHash, combinationKey } from "./cat-hash.ts";

describe("categoryHash", () => {
  test.each([
    ["", 797982799],
    ["3", 593172586],
    ["3.0", 3194819829],
    ["7", 4277023987],
    ["10", 2957118694],
    ["-2", 2015104637],
    ["a", 3489901818],
    ["alpha", 1296865003],
    ["epsilon", 4096080792],
    ["1115", 2748133691],
  ])("of '%s' is the official %i, as a signed number", (text, unsigned) => {
    expect(categoryHash(text)).toBe(unsigned | 0);
  });
});

describe("combinationKey", () => {
  const three = categoryHash("3");

  test("of one category is the official key", () => {
    expect(combinationKey([three])).toBe(3644720124901778394n);
  });

  test("of two depends on their order", () => {
    expect(combinationKey([three, categoryHash("a")])).toBe(8562213789980845292n);
    expect(combinationKey([categoryHash("a"), three])).not.toBe(8562213789980845292n);
  });

  test("of a condition differs by its outcome", () => {
    expect(combinationKey([three], [true])).not.toBe(combinationKey([three], [false]));
  });
});
