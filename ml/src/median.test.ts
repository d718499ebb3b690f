import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { medianInPlace, selectInPlace } from "./median.ts";

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 });

describe("medianInPlace", () => {
  it("agrees with a full sort", () => {
    fc.assert(
      fc.property(values, (given) => {
        const sorted = [...given].sort((a, b) => a - b);
        const half = sorted.length / 2;
        const twin = half % 1 === 0 ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
        expect(medianInPlace(Float64Array.from(given), given.length)).toBeCloseTo(twin, 12);
      }),
    );
  });

  it("looks at the first `count` values only", () => {
    expect(medianInPlace(Float64Array.of(3, 1, 2, 99, 99), 3)).toBe(2);
  });

  it("is NaN without values", () => expect(medianInPlace(new Float64Array(3), 0)).toBeNaN());
});

describe("selectInPlace", () => {
  it("gives every place of a full sort, also with many equal values", () => {
    const few = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(values, few), fc.nat(), (given, place) => {
        const k = place % given.length;
        const sorted = [...given].sort((a, b) => a - b);
        // adding 0 makes one zero of the two: an ordering tells them as little apart as we do
        expect(selectInPlace(Float64Array.from(given), given.length, k) + 0).toBe(sorted[k] + 0);
      }),
    );
  });
});
