import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../../test/sample-chain.ts";
import { ArtifactError, TrainingCancelledError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { ALL_FEATURES, NEAR_FEATURES } from "../features/index.ts";
import { allStores, type FitOptions } from "../model.ts";
import { buildPanel, truncatePanel } from "../panel.ts";
import { type BoostingProfile, type BoostingSettings, boostingModel } from "./boosting-model.ts";
import { restoreBoosting } from "./fitted-boosting.ts";
import { forecastRows } from "./forecast-rows.ts";
import { pickOf, type RowScheme, reachOf } from "./row-scheme.ts";
import { createRowStore } from "./row-store.ts";
import { trainingRows } from "./training-rows.ts";

const SCHEMES: readonly RowScheme[] = ["stagger", "month_ahead"];
const options: FitOptions = { seed: 3, profile: "quick", horizon: 42 };
const near: BoostingSettings = {
  parts: [
    { scheme: "stagger", base: "usual_day" },
    { scheme: "month_ahead", base: "ridge" },
  ],
  maxStores: Infinity,
  seeds: 1,
  params: {
    iterations: 40,
    learningRate: 0.2,
    depth: 4,
    borderCount: 32,
    bootstrap: { type: "None" },
    randomStrength: 0,
  },
};
const profile: BoostingProfile = {
  near,
  far: { ...near, parts: [{ scheme: "far", base: "usual_day" }] },
};
const panel = buildPanel(sampleChain({ stores: 5, days: 500, noise: 0.08 }));
const horizon: Feature[] = ALL_FEATURES.filter((feature) => feature.names.includes("horizon"));

describe("trainingRows", () => {
  it("uses every sold store-day from day 132 on exactly once, in the order of days", async () => {
    for (const [k, scheme] of SCHEMES.entries()) {
      const { target, days, table } = (await trainingRows(panel, horizon, SCHEMES))[k];
      const distance = table.columns[table.names.indexOf("horizon")];
      const expected: number[] = [];
      for (let t = 132; t < 500; t++) {
        for (let s = 0; s < 5; s++) {
          const value = panel.logSales[s * 500 + t];
          if (!Number.isNaN(value)) expected.push(value);
        }
      }
      expect(Array.from(target).slice(-expected.length)).toEqual(expected);
      for (let i = 1; i < days.length; i++) expect(days[i]).toBeGreaterThanOrEqual(days[i - 1]);
      const [least, most] = scheme === "stagger" ? [1, 42] : [36, 42];
      expect(distance.every((h) => h >= least && h <= most)).toBe(true);
      if (scheme === "stagger") expect(new Set(distance).size).toBe(42 - 6);
    }
  });

  it("sees a far day from 43 to 180 days before, from every distance alike, with and without its calendar", async () => {
    const [{ table, target }] = await trainingRows(panel, ALL_FEATURES, ["far"]);
    const distance = table.columns[table.names.indexOf("horizon")];
    expect(target.length).toBeGreaterThan(1000);
    expect(distance.every((h) => h >= 43 && h <= 180)).toBe(true);
    expect(new Set(distance).size).toBeGreaterThan(100);
    const known = table.columns[table.names.indexOf("calendar_known")];
    const share = known.reduce((sum, value) => sum + value, 0) / known.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  it.each([[SCHEMES], [["far"]]] as const)(
    "gives a cut of the panel a prefix of the rows of the whole: %s",
    async (schemes) => {
      const whole = createRowStore(panel, ALL_FEATURES, schemes);
      const cut = truncatePanel(panel, FIRST_DAY + 500 - 1 - 84, 42);
      const shared = await whole.rowsOf(cut);
      const alone = await createRowStore(cut, ALL_FEATURES, schemes).rowsOf(cut);
      for (const scheme of schemes) {
        const [a, b] = [shared.get(scheme)!, alone.get(scheme)!];
        expect(a.target.length).toBeGreaterThan(500);
        expect(a.target).toEqual(b.target);
        expect(a.base).toEqual(b.base);
        a.table.columns.forEach((column, c) => {
          expect(column, a.table.names[c]).toEqual(b.table.columns[c]);
        });
      }
    },
  );

  it("picks each of the origins about as often", () => {
    const counts = new Int32Array(6);
    for (let store = 1; store <= 100; store++)
      for (let day = 15_000; day < 15_600; day++) counts[pickOf(6, store, day)]++;
    for (const count of counts) expect(Math.abs(count / 10_000 - 1)).toBeLessThan(0.05);
  });
});

describe("forecastRows", () => {
  it.each(["stagger", "month_ahead", "far"] as const)(
    "sees every open day of its reach once: %s",
    (scheme) => {
      const days = reachOf(scheme);
      const width = days.to - days.from + 1;
      const { cells, table } = forecastRows(panel, horizon, scheme, allStores(panel), days);
      const open: number[] = [];
      for (let s = 0; s < 5; s++) {
        for (let h = days.from; h <= days.to; h++)
          if (panel.open[s * panel.calendarDays + 499 + h] === 1) open.push(s * width + h - days.from);
      }
      expect(Array.from(cells)).toEqual(open);
      const distance = table.columns[table.names.indexOf("horizon")];
      cells.forEach((cell, row) => {
        const h = (cell % width) + days.from;
        expect(distance[row]).toBe(scheme === "month_ahead" ? 36 + ((h - 1) % 7) : h);
      });
    },
  );
});

describe("boostingModel", () => {
  const model = boostingModel(profile, panel);

  it("forecasts open days near what they sold, closed days as 0, the same after it was written and read", async () => {
    const cut = truncatePanel(panel, FIRST_DAY + 500 - 1 - 42, 42);
    const fitted = await model.fit(cut, options);
    const forecast = fitted.forecast(cut, allStores(cut), 42);
    let error = 0;
    let days = 0;
    for (let i = 0; i < forecast.length; i++) {
      const s = Math.floor(i / 42);
      const t = 458 + (i % 42);
      if (cut.open[s * cut.calendarDays + t] !== 1) expect(forecast[i]).toBe(0);
      else {
        error += Math.abs(Math.log(forecast[i] / panel.sales[s * 500 + t]));
        days++;
      }
    }
    expect(error / days).toBeLessThan(0.1);
    const parameters = JSON.parse(JSON.stringify(fitted.parameters()));
    expect(restoreBoosting(parameters).forecast(cut, allStores(cut), 42)).toEqual(forecast);
    for (const spoil of [{ columns: ["other"] }, { scheme: "sideways" }, { base: "thin air" }]) {
      const parts = parameters.parts.map((part: object) => ({ ...part, ...spoil }));
      expect(() => restoreBoosting({ parts })).toThrow(ArtifactError);
    }
  });

  it("forecasts days 43 to 180 near what they sold, by trees of their own", async () => {
    const cut = truncatePanel(panel, FIRST_DAY + 500 - 1 - 84, 84);
    const fitted = await model.fit(cut, { ...options, from: 43, horizon: 84 });
    const forecast = fitted.forecast(cut, allStores(cut), 84, 43);
    let error = 0;
    let days = 0;
    for (let i = 0; i < forecast.length; i++) {
      const t = 416 + (i % 84);
      const sold = panel.sales[Math.floor(i / 84) * 500 + t];
      if (i % 84 < 42 || !(sold > 0)) continue;
      error += Math.abs(Math.log(forecast[i] / sold));
      days++;
    }
    expect(error / days).toBeLessThan(0.15);
    const asked = new Set(
      (fitted.parameters() as { parts: { scheme: string }[] }).parts.map((part) => part.scheme),
    );
    expect([...asked]).toEqual(["far"]);
  });

  it("says that it cannot answer for days without trees", async () => {
    const fitted = await model.fit(panel, options);
    const forecast = fitted.forecast(panel, allStores(panel), 60);
    const open = forecast.findLastIndex((value) => value !== 0);
    expect(forecast[open]).toBeNaN();
  });

  it("tells what moves its forecast, in percent, largest first", async () => {
    const importance = (await model.fit(panel, options)).importance!();
    expect(importance.reduce((sum, each) => sum + each.importance, 0)).toBeCloseTo(100, 6);
    for (let i = 1; i < importance.length; i++) {
      expect(importance[i].importance).toBeLessThanOrEqual(importance[i - 1].importance);
    }
  });

  it("teaches by every k-th store when there are more than it may use", async () => {
    const few = createRowStore(panel, NEAR_FEATURES, SCHEMES, 2);
    const whole = createRowStore(panel, NEAR_FEATURES, SCHEMES);
    const all = (await whole.rowsOf(panel)).get("stagger")!.target.length;
    const used = (await few.rowsOf(panel)).get("stagger")!.target.length;
    expect(used).toBeGreaterThan(all * 0.3);
    expect(used).toBeLessThan(all * 0.5);
  });

  it("finds when to stop from the last days of an earlier panel, and fits so many trees", async () => {
    const chain = buildPanel(sampleChain({ stores: 12, days: 500, noise: 0.08 }));
    const tuned = boostingModel(profile, chain);
    await tuned.tune!(truncatePanel(chain, FIRST_DAY + 500 - 1 - 84, 42), options);
    const { iterations } = tuned.hyperparameters!;
    expect(iterations).toBeGreaterThan(0);
    expect(iterations).toBeLessThanOrEqual(60);
    expect(iterations).not.toBe(40);
    const { parts } = (await tuned.fit(chain, options)).parameters() as { parts: { catboost: string }[] };
    const counts = parts.map((part) => JSON.parse(part.catboost).oblivious_trees.length);
    expect(counts).toEqual([iterations, iterations]);
  });

  it("keeps the settings' number of trees when the history is too short to find one", async () => {
    const young = boostingModel(profile, panel);
    await young.tune!(truncatePanel(panel, FIRST_DAY + 150, 42), options);
    expect(young.hyperparameters).toMatchObject({ iterations: 40, far_iterations: 40 });
  });

  it("stops when it is told to", async () => {
    const fresh = boostingModel(profile, panel);
    await expect(fresh.fit(panel, { ...options, signal: AbortSignal.abort() })).rejects.toThrow(
      TrainingCancelledError,
    );
  });
});
