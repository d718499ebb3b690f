import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleChain } from "../../test/sample-chain.ts";
import { FEATURE_COLUMNS } from "../features/index.ts";
import { keptViews } from "../features/origin-views.ts";
import { learn } from "../learn.ts";
import { allStores } from "../model.ts";
import { createModels } from "../models.ts";
import { buildPanel, type Panel } from "../panel.ts";
import { forecastPoints, type TrainedModel } from "../trained-model.ts";
import { closingCause } from "./closing-cause.ts";
import { CLOSING_COLUMNS, DRIVER_COUNT, DRIVERS, driverOf } from "./driver-groups.ts";
import { forecastDrivers } from "./forecast-drivers.ts";
import { driversInSales } from "./to-sales.ts";

const panel = buildPanel(sampleChain({ stores: 4, days: 800, noise: 0.03 }));
const options = { seed: 1, profile: "quick" as const, horizon: 180 };

describe("driverOf", () => {
  it("knows the cause of every column that trees may look at", () => {
    expect(FEATURE_COLUMNS.filter((name) => driverOf(name) === null)).toEqual([]);
    expect(CLOSING_COLUMNS.filter((name) => !FEATURE_COLUMNS.includes(name))).toEqual([]);
  });

  it.each([
    ["base364", "level"],
    ["level28", "trend"],
    ["weekday_level56", "level"],
    ["last_same", "level"],
    ["last_year_school", "holidays"],
    ["last_year_week", "season"],
    ["days_since_promo", "promotion"],
    ["days_since_school_start", "holidays"],
    ["promo2_months", "promotion"],
    ["competition_months", "competition"],
    ["saturday_share", "weekday"],
  ])("takes %s for %s", (column, driver) => expect(DRIVERS[driverOf(column)!]).toBe(driver));
});

describe("closingCause", () => {
  it("is the weekday beside a Sunday, and holidays beside any other closed day", () => {
    const cause = (t: number) => DRIVERS[closingCause(panel, 0, t)];
    // The sample begins on a Monday, 2013-01-07; Good Friday is 2013-03-29, day 81, and Easter Monday day 84.
    expect([12, 13, 14, 16].map(cause)).toEqual(["weekday", "weekday", "weekday", "weekday"]);
    expect([80, 82, 85].map(cause)).toEqual(["holidays", "holidays", "holidays"]);
  });
});

describe("driversInSales", () => {
  const small = fc.double({ min: -1, max: 1, noNaN: true });
  it("adds up to the forecast, and no cause changes its sign, for any logs", () => {
    fc.assert(
      fc.property(fc.array(small, { minLength: 7, maxLength: 7 }), (given) => {
        const logs = Float64Array.from(given);
        logs[0] += 8;
        const forecast = Math.exp(logs.reduce((sum, log) => sum + log, 0));
        const drivers = driversInSales(forecast, logs, 0);
        expect(DRIVERS.reduce((sum, name) => sum + drivers[name], 0)).toBeCloseTo(forecast, 6);
        expect(drivers.level).toBeCloseTo(Math.exp(logs[0]), 4);
        DRIVERS.slice(1).forEach((name, k) => {
          if (Math.abs(logs[k + 1]) > 1e-6) expect(Math.sign(drivers[name])).toBe(Math.sign(logs[k + 1]));
        });
      }),
    );
  });
});

/** A trained model in which one model answers for every day. */
async function servedBy(members: TrainedModel["parts"][number]["members"], given: Panel) {
  const known = createModels("quick", given);
  const models = new Map();
  for (const { name } of members) {
    models.set(name, await known.find((model) => model.name === name)!.fit(given, options));
  }
  return { models, parts: [{ to: 180, name: members[0].name, members }] } as unknown as TrainedModel;
}

describe("forecastDrivers", () => {
  it.each([
    ["the seasonal naive rule", [{ name: "seasonal_naive", weight: 1 }]],
    ["the medians", [{ name: "store_weekday_promo_median", weight: 1 }]],
    ["the ridge", [{ name: "ridge", weight: 1 }]],
    ["the boosted trees", [{ name: "boosting", weight: 1 }]],
    [
      "an average",
      [
        { name: "ridge", weight: 0.15 },
        { name: "boosting", weight: 0.85 },
      ],
    ],
  ] as const)("of %s add up to the forecast of every open day within a cent", async (_, members) => {
    const trained = await servedBy(members, panel);
    const stores = allStores(panel);
    const views = keptViews(panel);
    const points = forecastPoints(trained, panel, stores, 60, views);
    const drivers = forecastDrivers(trained, panel, stores, 60, points, views);
    expect(drivers.some((day) => day === null)).toBe(true);
    drivers.forEach((day, i) => {
      if (points[i] === 0) expect(day).toBeNull();
      else expect(DRIVERS.reduce((sum, name) => sum + day![name], 0)).toBeCloseTo(points[i], 6);
    });
  });

  it("give the same for one store as for all", async () => {
    const trained = await servedBy([{ name: "boosting", weight: 1 }], panel);
    const views = keptViews(panel);
    const of = (stores: Int32Array) =>
      forecastDrivers(trained, panel, stores, 20, forecastPoints(trained, panel, stores, 20, views), views);
    expect(of(Int32Array.of(2))).toEqual(of(allStores(panel)).slice(40, 60));
  });

  it("find the promotion, the weekday and the level that made the sales", async () => {
    const { trained } = await learn(panel, { profile: "quick", seed: 1, origins: 2 });
    const stores = Int32Array.of(0);
    const points = forecastPoints(trained, panel, stores, 28);
    const drivers = forecastDrivers(trained, panel, stores, 28, points);
    // The sample sells exp(0.3) times as much in a promotion, and exp(0.1) times on Mondays.
    const promo = drivers.filter((day, k) => day !== null && panel.promo[panel.historyDays + k] === 1);
    const none = drivers.filter((day, k) => day !== null && panel.promo[panel.historyDays + k] === 0);
    const mean = (days: typeof drivers) =>
      days.reduce((sum, day) => sum + day!.promotion / day!.level, 0) / days.length;
    expect(mean(promo) - mean(none)).toBeGreaterThan(0.25);
    expect(mean(promo) - mean(none)).toBeLessThan(0.45);
  }, 60_000);
});

describe.each(["store_weekday_promo_median", "ridge", "boosting"] as const)("%s", (name) => {
  it("explains the log of its forecast", async () => {
    const model = createModels("quick", panel).find((each) => each.name === name)!;
    const fitted = await model.fit(panel, options);
    const forecast = fitted.forecast(panel, allStores(panel), 60);
    const logs = fitted.explain!(panel, allStores(panel), 60);
    forecast.forEach((sales, cell) => {
      const sum = logs.subarray(cell * DRIVER_COUNT, (cell + 1) * DRIVER_COUNT).reduce((a, b) => a + b, 0);
      // Columns of the feature table are single precision.
      expect(sum).toBeCloseTo(sales === 0 ? 0 : Math.log(sales), 5);
    });
  });
});
