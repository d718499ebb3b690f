import { expect, test } from "vitest";
import { contrast, mix, readableOn } from "./contrast.ts";

test("contrast is 21 for black on white and 1 for a colour on itself, written long or short", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  expect(contrast("#000", "#fff")).toBeCloseTo(21, 10);
  expect(contrast("#0d6b4f", "#0d6b4f")).toBe(1);
  expect(contrast("red", "#ffffff")).toBe(1);
});

test("mix goes from one colour to the other", () => {
  expect(mix("#000", "#ffffff", 0)).toBe("#000000");
  expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
  expect(mix("#102030", "#102030", 0.7)).toBe("#102030");
});

test("of black and white one always has the contrast that small text needs, on any tint of either theme", () => {
  for (const [low, high] of [
    ["#f2f6f4", "#0d6b4f"],
    ["#18222b", "#4fc596"],
  ] as const) {
    for (let share = 0; share <= 1; share += 0.02) {
      const ground = mix(low, high, share);
      expect(contrast(ground, readableOn(ground, "#000000", "#ffffff"))).toBeGreaterThanOrEqual(4.5);
    }
  }
});
