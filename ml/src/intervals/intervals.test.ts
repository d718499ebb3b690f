import { createRandom } from "@rossmann/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArtifactError, LevelError } from "../errors.ts";
import { fitConformal, interpolate, intervalBounds, type LogErrors, logErrors } from "./conformal.ts";
import { normalUpperQuantile, studentQuantile } from "./student-quantile.ts";
import { pathToText, textToPath, totalBounds } from "./totals.ts";

/** Normal log errors; the second half of the stores errs twice as much. */
function normalErrors(stores: number, horizon: number, seed: number, sd = 0.1): LogErrors {
  const random = createRandom(seed);
  const values = Float64Array.from(
    { length: stores * horizon },
    (_, i) => random.normal() * sd * (Math.floor(i / horizon) < stores / 2 ? 1 : 2),
  );
  return { horizon, values };
}

describe("fitConformal", () => {
  const folds = [1, 2, 3, 4, 5].map((seed) => normalErrors(100, 42, seed));
  const intervals = fitConformal(folds, 100);

  it("covers new days as often as its level says or a little more, for quiet and loud stores", () => {
    const fresh = normalErrors(100, 42, 99);
    for (const level of [0.5, 0.8, 0.9, 0.95, 0.99]) {
      for (const [low, high] of [
        [0, 50],
        [50, 100],
      ]) {
        let inside = 0;
        let days = 0;
        for (let s = low; s < high; s++) {
          const points = new Float64Array(42).fill(1000);
          const lower = new Float64Array(42);
          const upper = new Float64Array(42);
          intervalBounds(intervals, points, intervals.scales[s], level, lower, upper);
          for (let h = 0; h < 42; h++) {
            const actual = 1000 * Math.exp(fresh.values[s * 42 + h]);
            days++;
            if (actual >= lower[h] && actual <= upper[h]) inside++;
          }
        }
        // With few origins the intervals are wider on purpose, and these days have no shock of their own.
        expect(inside / days).toBeGreaterThan(level - 0.02);
        expect(inside / days).toBeLessThan(level + 0.06);
      }
    }
  });

  it("finds stores that err twice as much", () => {
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const ratio = mean(intervals.scales.subarray(50)) / mean(intervals.scales.subarray(0, 50));
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.2);
  });

  it("widens with the level, holds the point, never falls below 0 and is 0 on closed days", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })), {
          minLength: 1,
          maxLength: 180,
        }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (values, scale) => {
          const points = Float64Array.from(values);
          let inner: Float64Array[] | null = null;
          for (const level of [0.5, 0.7, 0.8, 0.9, 0.95, 0.99]) {
            const lower = new Float64Array(points.length);
            const upper = new Float64Array(points.length);
            intervalBounds(intervals, points, scale, level, lower, upper);
            for (let h = 0; h < points.length; h++) {
              expect(lower[h]).toBeGreaterThanOrEqual(0);
              expect(lower[h]).toBeLessThanOrEqual(points[h]);
              expect(upper[h]).toBeGreaterThanOrEqual(points[h]);
              if (points[h] === 0) expect(upper[h]).toBe(0);
              if (inner === null) continue;
              expect(lower[h]).toBeLessThanOrEqual(inner[0][h]);
              expect(upper[h]).toBeGreaterThanOrEqual(inner[1][h]);
            }
            inner = [lower, upper];
          }
        },
      ),
    );
  });

  it("tells days whose calendar is projected from known ones, for quiet and loud stores", () => {
    const guessed = [6, 7, 8, 9, 10].map((seed) => ({ ...normalErrors(100, 42, seed, 0.3), knownDays: 0 }));
    const both = fitConformal([...folds, ...guessed], 100);
    expect(both.scales).toEqual(intervals.scales);
    const points = new Float64Array(42).fill(1000);
    const isProjected = Array.from({ length: 42 }, (_, k) => k >= 20);
    const lower = new Float64Array(42);
    const upper = new Float64Array(42);
    intervalBounds(both, points, both.scales[0], 0.8, lower, upper, isProjected);
    for (let h = 0; h < 42; h++) {
      const expected = 1.2816 * (isProjected[h] ? 0.3 : 0.1);
      expect(Math.abs(Math.log(upper[h] / 1000) / expected - 1)).toBeLessThan(0.3);
      expect(Math.abs(Math.log(1000 / lower[h]) / expected - 1)).toBeLessThan(0.3);
    }
  });

  it("uses what it learned of one kind of days for the other when no window showed both", () => {
    expect(intervals.projected).toEqual(intervals.groups);
    const guessed = folds.map((fold) => ({ ...fold, knownDays: 0 }));
    const turned = fitConformal(guessed, 100);
    expect(turned.groups).toEqual(turned.projected);
  });

  it("gives normal intervals of a usual width where no backtest could be run", () => {
    const unknown = fitConformal([], 3);
    const lower = new Float64Array(1);
    const upper = new Float64Array(1);
    intervalBounds(unknown, Float64Array.of(100), unknown.scales[0], 0.8, lower, upper);
    expect(Math.log(upper[0] / 100)).toBeCloseTo(1.2816 * 0.25, 2);
    expect(Math.log(lower[0] / 100)).toBeCloseTo(-1.2816 * 0.25, 2);
  });

  it("refuses a level outside of 0.5–0.99", () => {
    for (const level of [0.4, 0.995, NaN]) {
      const call = () =>
        intervalBounds(intervals, new Float64Array(1), 1, level, new Float64Array(1), new Float64Array(1));
      expect(call).toThrow(LevelError);
    }
  });

  it("scores only days on which both sides sold something", () => {
    const { values } = logErrors(Float64Array.of(100, NaN, 0, 50), Float64Array.of(100, 5, 5, 0), 4);
    expect(values[0]).toBe(0);
    expect(values.subarray(1).every(Number.isNaN)).toBe(true);
  });

  it("reads the grid between its points linearly", () => {
    const grid = Float64Array.from({ length: 399 }, (_, k) => (k + 1) / 400);
    for (const p of [0.005, 0.1, 0.123, 0.5, 0.9, 0.995]) expect(interpolate(grid, p)).toBeCloseTo(p, 12);
  });
});

describe("studentQuantile", () => {
  it("agrees with the tables", () => {
    const table: [number, number, number][] = [
      [0.9, 1, 3.0777],
      [0.95, 2, 2.92],
      [0.9, 3, 1.6377],
      [0.975, 5, 2.5706],
      [0.9, 6, 1.4398],
      [0.995, 6, 3.7074],
      [0.95, 9, 1.8331],
      [0.975, 30, 2.0423],
      [0.75, 6, 0.7176],
    ];
    for (const [p, freedom, value] of table) expect(studentQuantile(p, freedom)).toBeCloseTo(value, 2);
  });
  it("goes over into the normal quantile", () => {
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.96, 2);
    expect(normalUpperQuantile(0.025)).toBeCloseTo(1.96, 2);
  });
});

describe("totalBounds", () => {
  const random = createRandom(0x5eed1234);
  /** All stores share one shock per path; single stores add noise of their own. */
  const paths = Array.from({ length: 8 }, () => {
    const shock = 0.05 * random.normal();
    const values = Float32Array.from({ length: 50 * 42 }, () => shock + 0.1 * random.normal());
    return { origin: null, from: 1, to: 42, values };
  });
  const rows = Int32Array.from({ length: 50 }, (_, s) => s);
  const points = new Float64Array(50 * 42).fill(100);

  it("sums the forecast exactly", () => {
    expect(totalBounds(paths, rows, points, 42, { from: 1, to: 42 })(0.8).total).toBe(50 * 42 * 100);
    expect(totalBounds(paths, rows, points, 42, { from: 3, to: 3 })(0.8).total).toBe(5000);
  });

  it("lies between adding as if independent and adding the bounds", () => {
    const { total, upper } = totalBounds(paths, rows, points, 42, { from: 1, to: 42 })(0.8);
    const reach = Math.log(upper / total);
    const independent = (1.28 * 0.11) / Math.sqrt(50 * 42);
    const shared = 1.28 * 0.11;
    expect(reach).toBeGreaterThan(4 * independent);
    expect(reach).toBeLessThan(shared);
  });

  it("is 0 with bounds of 0 when every day is closed", () => {
    const closed = totalBounds(paths, rows, new Float64Array(50 * 42), 42, { from: 1, to: 42 })(0.9);
    expect(closed).toEqual({ total: 0, lower: 0, upper: 0 });
  });

  it("holds about as many weeks of another window as it promises", () => {
    const level = 0.8;
    let inside = 0;
    let count = 0;
    for (let k = 0; k < paths.length; k++) {
      const others = paths.filter((_, j) => j !== k);
      for (let from = 1; from <= 36; from += 7) {
        const { total, lower, upper } = totalBounds(others, rows, points, 42, { from, to: from + 6 })(level);
        let came = 0;
        for (let s = 0; s < 50; s++) {
          for (let h = from; h < from + 7; h++) came += 100 * Math.exp(paths[k].values[s * 42 + h - 1]);
        }
        expect(total).toBe(50 * 7 * 100);
        if (came >= lower && came <= upper) inside++;
        count++;
      }
    }
    expect(inside / count).toBeGreaterThan(0.6);
    expect(inside / count).toBeLessThan(0.95);
  });

  it("widens with the level, also where the errors are too few for a quantile", () => {
    const reaches = [0.5, 0.8, 0.9, 0.95, 0.99].map((level) => {
      const { total, upper } = totalBounds(paths, rows, points, 42, { from: 1, to: 42 })(level);
      return upper / total;
    });
    expect(reaches).toEqual(reaches.toSorted((a, b) => a - b));
    expect(() => totalBounds(paths, rows, points, 42, { from: 1, to: 42 })(1)).toThrow(LevelError);
  });

  it("gives bounds for stores the backtest never saw", () => {
    const { total, lower, upper } = totalBounds(paths, Int32Array.of(-1), points.subarray(0, 42), 42, {
      from: 1,
      to: 42,
    })(0.8);
    expect(lower).toBeLessThan(total);
    expect(upper).toBeGreaterThan(total);
  });

  it("keeps a path in text to 1/8192", () => {
    const path = { origin: null, from: 3, to: 5, values: Float32Array.of(0.1, NaN, -0.25, 9, 0, -0.00005) };
    const read = textToPath(pathToText(path), 3, 5, 2);
    expect(read.values[1]).toBeNaN();
    expect(read.values[0]).toBeCloseTo(0.1, 3);
    expect(read.values[2]).toBe(-0.25);
    expect(read.values[3]).toBeCloseTo(4, 2);
    expect(() => textToPath(pathToText(path), 3, 5, 3)).toThrow(ArtifactError);
  });
});
