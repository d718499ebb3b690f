import { isoDate, parseIsoDate } from "@rossmann/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../../test/sample-chain.ts";
import { seasonalNaive } from "../baselines/seasonal-naive.ts";
import { storeWeekdayPromoMedian } from "../baselines/store-weekday-promo-median.ts";
import { TrainingCancelledError } from "../errors.ts";
import { buildPanel } from "../panel.ts";
import { hierarchicalRidge } from "../ridge/hierarchical-ridge.ts";
import { chooseModel } from "./choose-model.ts";
import { backtestHorizon, chooseOrigins } from "./rolling-origin.ts";
import { type BacktestOptions, runBacktest } from "./run-backtest.ts";
import { scoreBacktest } from "./score-backtest.ts";
import { sizeDeciles } from "./segments.ts";

const models = [seasonalNaive, storeWeekdayPromoMedian, hierarchicalRidge];
const base: Omit<BacktestOptions, "origins"> = { horizon: 42, seed: 1, profile: "quick" };

describe("chooseOrigins", () => {
  it("takes the four newest windows and the coming season of last year", () => {
    const origins = chooseOrigins(parseIsoDate("2013-01-01")!, parseIsoDate("2015-06-19")!, 42, 6);
    expect(origins.map(isoDate)).toEqual([
      "2015-05-08",
      "2015-03-27",
      "2015-02-13",
      "2015-01-02",
      "2014-08-01",
      "2014-06-20",
    ]);
  });

  it("keeps every window inside of the history and windows apart, for any history", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 21, max: 1500 }),
        fc.integer({ min: 1, max: 180 }),
        fc.integer({ min: 1, max: 10 }),
        (days, wished, count) => {
          const horizon = backtestHorizon(days, wished);
          const origins = chooseOrigins(0, days - 1, horizon, count);
          expect(origins.length).toBeGreaterThanOrEqual(1);
          expect(origins.length).toBeLessThanOrEqual(count);
          expect(new Set(origins).size).toBe(origins.length);
          for (const origin of origins) {
            expect(origin + horizon).toBeLessThanOrEqual(days - 1);
            expect(origin).toBeGreaterThanOrEqual(Math.min(120, 2 * horizon) - 1);
          }
        },
      ),
    );
  });

  it("has nothing to judge below 21 days", () => expect(backtestHorizon(20, 42)).toBe(0));
});

describe("runBacktest", () => {
  const origin = FIRST_DAY + 599;

  it("is blind to everything sold after the origin", async () => {
    const rows = sampleChain({ stores: 3, days: 700 });
    const spoiled = { ...rows, sales: rows.sales.slice(), customers: rows.customers.slice() };
    for (let i = 0; i < rows.sales.length; i++) {
      if (rows.dayNumbers[i] <= origin || rows.sales[i] === 0) continue;
      spoiled.sales[i] = 1 + ((i * 7919) % 20_000);
      spoiled.customers[i] = 1;
    }
    const [honest] = await runBacktest(buildPanel(rows), models, { ...base, origins: [origin] });
    const [other] = await runBacktest(buildPanel(spoiled), models, { ...base, origins: [origin] });
    for (const model of models)
      expect(other.forecasts.get(model.name)).toEqual(honest.forecasts.get(model.name));
    expect(other.actual).not.toEqual(honest.actual);
  });

  it("scores open days with sales and nothing else", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 700 }));
    const [fold] = await runBacktest(panel, [seasonalNaive], { ...base, origins: [origin] });
    for (let s = 0; s < 2; s++) {
      for (let h = 1; h <= 42; h++) {
        const t = 599 + h;
        const isScored = panel.open[s * panel.calendarDays + t] === 1;
        expect(Number.isNaN(fold.actual[s * 42 + h - 1])).toBe(!isScored);
        if (isScored) expect(fold.actual[s * 42 + h - 1]).toBe(panel.sales[s * 700 + t]);
      }
    }
  });

  it("mixes averages as the weighted mean of logs", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 700 }));
    const averages = [
      {
        name: "average" as const,
        members: [
          { name: "seasonal_naive" as const, weight: 0.25 },
          { name: "ridge" as const, weight: 0.75 },
        ],
      },
    ];
    const [fold] = await runBacktest(panel, models, { ...base, origins: [origin], averages });
    const naive = fold.forecasts.get("seasonal_naive")!;
    const ridge = fold.forecasts.get("ridge")!;
    fold.forecasts.get("average")!.forEach((value, i) => {
      if (naive[i] === 0) expect(value).toBe(0);
      else expect(value).toBeCloseTo(naive[i] ** 0.25 * ridge[i] ** 0.75, 6);
    });
  });

  it("stops when it is told to", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 300 }));
    const run = runBacktest(panel, models, {
      ...base,
      origins: [FIRST_DAY + 200],
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toThrow(TrainingCancelledError);
  });
});

describe("scoreBacktest", () => {
  it("adds up: the points of the segments of a kind are all points, and so are their errors", async () => {
    const panel = buildPanel(sampleChain({ stores: 12, days: 700 }));
    const folds = await runBacktest(panel, models, { ...base, origins: [FIRST_DAY + 650, FIRST_DAY + 599] });
    const table = scoreBacktest(folds, panel.stores.storeType);
    const all = table.find((row) => row.model === "ridge" && row.kind === "all")!;
    for (const kind of ["horizon", "weekday", "promo", "store_type", "store_decile"]) {
      const rows = table.filter(
        (row) => row.model === "ridge" && row.origin === all.origin && row.kind === kind,
      );
      expect(rows.length).toBeGreaterThan(1);
      expect(rows.reduce((sum, row) => sum + row.points, 0)).toBe(all.points);
      const absolute = rows.reduce((sum, row) => sum + row.points * row.measures.mae, 0);
      expect(absolute / all.points).toBeCloseTo(all.measures.mae, 8);
    }
  });

  it("has no coverage with a single origin, since its own errors would judge it", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 700 }));
    const folds = await runBacktest(panel, [seasonalNaive], { ...base, origins: [FIRST_DAY + 599] });
    expect(scoreBacktest(folds, panel.stores.storeType)[0].measures.coverage_80).toBeUndefined();
  });
});

describe("sizeDeciles", () => {
  it("puts a tenth of the stores into each, the smallest first, and those without sales into 0", () => {
    const size = Float64Array.from({ length: 21 }, (_, s) => (s === 20 ? NaN : 20 - s));
    const deciles = sizeDeciles(size);
    expect(deciles[20]).toBe(0);
    expect(deciles[19]).toBe(1);
    expect(deciles[0]).toBe(10);
    for (let d = 1; d <= 10; d++) expect(deciles.filter((decile) => decile === d).length).toBe(2);
  });
});

describe("chooseModel", () => {
  it("takes the simpler one when the best is not better by more than one standard error", () => {
    const choice = chooseModel([
      { name: "seasonal_naive", errors: [0.4, 0.4, 0.4] },
      { name: "ridge", errors: [0.12, 0.13, 0.14] },
      { name: "boosting", errors: [0.11, 0.15, 0.12] },
    ]);
    expect(choice.name).toBe("ridge");
    expect(choice.best).toBe("boosting");
    expect(choice.reason).toContain("simplest model within one standard error");
  });

  it("takes the complex one when it is better at every origin", () => {
    const choice = chooseModel([
      { name: "ridge", errors: [0.12, 0.13, 0.14] },
      { name: "boosting", errors: [0.11, 0.12, 0.131] },
    ]);
    expect(choice.name).toBe("boosting");
  });

  it("leaves a model out that failed at an origin", () => {
    const choice = chooseModel([
      { name: "ridge", errors: [0.12, 0.13] },
      { name: "boosting", errors: [0.01, NaN] },
    ]);
    expect(choice.name).toBe("ridge");
  });
});
