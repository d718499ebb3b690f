import { expect, test } from "vitest";
import { sparklinePath } from "./sparkline.tsx";

test("fewer than two known values draw nothing", () => {
  for (const values of [[], [1], [Number.NaN, 1], [Number.NaN, Number.NaN]])
    expect(sparklinePath(values)).toBe("");
});

test("a flat series is level at mid height, and a gap breaks the line", () => {
  expect(sparklinePath([3, 3])).toBe("M0.0 14.0L120.0 14.0");
  expect(sparklinePath([0, 1, Number.NaN, 1, 0]).match(/M/g)).toHaveLength(2);
});
