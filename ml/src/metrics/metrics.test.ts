import { ShapeError } from "@rossmann/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bias } from "./bias.ts";
import { coverage } from "./coverage.ts";
import { mae } from "./mae.ts";
import { mapeNonzero } from "./mape-nonzero.ts";
import { pinballLoss } from "./pinball-loss.ts";
import { rmse } from "./rmse.ts";
import { rmspe } from "./rmspe.ts";
import { smape } from "./smape.ts";
import { wape } from "./wape.ts";

const f64 = (...values: number[]) => Float64Array.from(values);
const y = f64(100, 200, 0, 400);
const f = f64(110, 180, 10, 400);

describe("known answers", () => {
  it("rmspe leaves days without sales out", () => {
    expect(rmspe(y, f)).toBeCloseTo(Math.sqrt((0.01 + 0.01 + 0) / 3), 12);
  });
  it("wape divides all errors by all sales", () => expect(wape(y, f)).toBeCloseTo(40 / 700, 12));
  it("mae", () => expect(mae(y, f)).toBe(10));
  it("rmse", () => expect(rmse(y, f)).toBeCloseTo(Math.sqrt((100 + 400 + 100) / 4), 12));
  it("smape is 2 on a day that sold nothing", () => {
    expect(smape(y, f)).toBeCloseTo((20 / 210 + 40 / 380 + 2 + 0) / 4, 12);
  });
  it("mapeNonzero leaves days of at most one unit out", () => {
    expect(mapeNonzero(y, f)).toBeCloseTo((0.1 + 0.1 + 0) / 3, 12);
  });
  it("bias is positive when the forecast is too high", () => {
    expect(bias(f64(100, 100), f64(110, 110))).toBeCloseTo(0.1, 12);
    expect(bias(f64(100, 100), f64(90, 90))).toBeCloseTo(-0.1, 12);
  });
  it("pinballLoss weighs the two sides by the level", () => {
    expect(pinballLoss(f64(10), f64(6), 0.9)).toBeCloseTo(3.6, 12);
    expect(pinballLoss(f64(6), f64(10), 0.9)).toBeCloseTo(0.4, 12);
  });
  it("coverage counts the bounds as inside", () => {
    expect(coverage(f64(1, 2, 3, 4), f64(1, 1, 1, 1), f64(3, 3, 3, 3))).toBe(0.75);
  });
});

const both = { rmspe, wape, mae, rmse, smape, mapeNonzero, bias };

describe.each(Object.entries(both))("%s", (_name, metric) => {
  it("is NaN without a day", () => expect(metric(f64(), f64())).toBeNaN());
  it("refuses arrays of different lengths", () =>
    expect(() => metric(f64(1), f64(1, 2))).toThrow(ShapeError));
  it("is NaN when a forecast is NaN", () => expect(metric(f64(5, 6), f64(5, NaN))).toBeNaN());
  it("is 0 for a perfect forecast and does not depend on the order of days", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 2, max: 1e5, noNaN: true }),
            fc.double({ min: 2, max: 1e5, noNaN: true }),
          ),
          { minLength: 1 },
        ),
        (pairs) => {
          const actual = Float64Array.from(pairs, ([a]) => a);
          const predicted = Float64Array.from(pairs, ([, p]) => p);
          expect(metric(actual, actual)).toBe(0);
          const turned = metric(actual.slice().reverse(), predicted.slice().reverse());
          expect(turned).toBeCloseTo(metric(actual, predicted), 6);
        },
      ),
    );
  });
});
