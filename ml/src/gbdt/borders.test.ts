import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnBorders, greedyLogSumBorders } from "./borders.ts";

const LOWEST = -3.4028234663852886e38;

describe("greedyLogSumBorders", () => {
  const sorted = fc
    .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 80 })
    .map((values) => Float32Array.from(values).sort());

  test("borders ascend, lie between values, and are no more than asked for", () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: 0, max: 40 }), (values, limit) => {
        const borders = greedyLogSumBorders(values, limit);
        expect(borders.length).toBeLessThanOrEqual(limit);
        for (const [i, border] of borders.entries()) {
          if (i > 0) expect(border).toBeGreaterThan(borders[i - 1]);
          expect(border).toBeGreaterThanOrEqual(values[0]);
          expect(border).toBeLessThanOrEqual(values[values.length - 1]);
        }
      }),
    );
  });

  test("with enough borders every distinct value has a bin of its own", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const borders = greedyLogSumBorders(Float32Array.from(values).sort(), 100);
          expect(borders.length).toBe(values.length - 1);
        },
      ),
    );
  });

  test("constant and empty columns have none", () => {
    expect(greedyLogSumBorders(new Float32Array(9).fill(3), 10)).toHaveLength(0);
    expect(greedyLogSumBorders(new Float32Array(0), 10)).toHaveLength(0);
  });

  test("a border at 0 is never −0", () => {
    expect(Object.is(greedyLogSumBorders(Float32Array.from([-1, 1]), 1)[0], 0)).toBe(true);
  });
});

describe("columnBorders of a column with missing values", () => {
  const column = Float32Array.from([3, Number.NaN, 1, 2, Number.NaN]);

  test("spends one border on setting them below all others", () => {
    expect([...columnBorders(column, 2, "Min", null).borders]).toEqual([LOWEST, expect.any(Number)]);
  });

  test("or above, with nanMode Max", () => {
    expect([...columnBorders(column, 3, "Max", null).borders]).toEqual([1.5, 2.5, -LOWEST]);
  });

  test("a missing value outside of the sample of rows is noticed", () => {
    expect(columnBorders(column, 3, "Min", Uint32Array.from([0, 2, 3])).hasNans).toBe(true);
  });
});
