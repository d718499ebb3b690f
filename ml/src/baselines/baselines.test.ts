import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../../test/sample-chain.ts";
import { allStores, type FitOptions } from "../model.ts";
import { buildPanel } from "../panel.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { GROUPS, groupMedians, groupOf, storeWeekdayPromoMedian } from "./store-weekday-promo-median.ts";

const options: FitOptions = { seed: 1, profile: "quick", horizon: 42 };

describe("seasonalNaive", () => {
  it("repeats the last open day of the same weekday", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 70 }));
    const forecast = (await seasonalNaive.fit(panel, options)).forecast(panel, allStores(panel), 14);
    for (let s = 0; s < 2; s++) {
      for (let h = 1; h <= 14; h++) {
        const t = 69 + h;
        const isOpen = panel.open[s * panel.calendarDays + t] === 1;
        // 2013-03-18 to 31: the last two weeks of the history have no holiday, so the twin is 7 or 14 days back.
        const twin = panel.sales[s * 70 + t - 7 * Math.ceil(h / 7)];
        expect(forecast[s * 14 + h - 1]).toBe(isOpen ? twin : 0);
      }
    }
  });

  it("takes the mean of the store for a weekday it never opened on, and the chain's for a store without days", async () => {
    const panel = buildPanel(
      sampleChain({
        stores: 2,
        days: 5,
        future: 7,
        change: (row) => (row.storeId === 2 ? null : { ...row, sales: 100 * (row.day - FIRST_DAY + 1) }),
      }),
    );
    const saturday = 5;
    const forecast = (await seasonalNaive.fit(panel, options)).forecast(panel, allStores(panel), 7);
    expect(panel.open[saturday]).toBe(1);
    expect(forecast[0]).toBe(300);
    expect(forecast[7]).toBe(300);
  });
});

describe("groupMedians", () => {
  it("agrees with a sort of each group, where groups have eight days or more", () => {
    const panel = buildPanel(sampleChain({ stores: 4, days: 500, noise: 0.2 }));
    const { values } = groupMedians(panel, 500, 364);
    for (let s = 0; s < 4; s++) {
      for (let group = 0; group < GROUPS; group++) {
        const found: number[] = [];
        for (let t = 500 - 364; t < 500; t++) {
          const value = panel.logSales[s * 500 + t];
          if (!Number.isNaN(value) && groupOf(t, panel.promo[s * panel.calendarDays + t]) === group)
            found.push(value);
        }
        if (found.length < 8) continue;
        found.sort((a, b) => a - b);
        const half = found.length / 2;
        const median = (found[Math.ceil(half) - 1] + found[Math.floor(half)]) / 2;
        expect(values[s * GROUPS + group]).toBeCloseTo(median, 12);
      }
    }
  });

  it("looks at nothing from day `end` on", () => {
    const panel = buildPanel(sampleChain({ stores: 3, days: 300 }));
    const changed = { ...panel, logSales: panel.logSales.slice() };
    for (let s = 0; s < 3; s++) changed.logSales.fill(99, s * 300 + 200, (s + 1) * 300);
    expect(groupMedians(changed, 200, 182)).toEqual(groupMedians(panel, 200, 182));
  });
});

describe.each([seasonalNaive, storeWeekdayPromoMedian])("$name", (model) => {
  it("forecasts finite sales, 0 on closed days, for any chain", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 1000 }),
        async (stores, days, seed) => {
          const panel = buildPanel(
            sampleChain({
              stores,
              days,
              seed,
              change: (row) =>
                (row.day * 7 + row.storeId * seed) % 5 === 1 && row.day > FIRST_DAY ? null : row,
            }),
          );
          const fitted = await model.fit(panel, options);
          const forecast = fitted.forecast(panel, allStores(panel), 30);
          for (let i = 0; i < forecast.length; i++) {
            const cell = Math.floor(i / 30) * panel.calendarDays + panel.historyDays + (i % 30);
            if (panel.open[cell] !== 1) expect(forecast[i]).toBe(0);
            else expect(Number.isFinite(forecast[i]) && forecast[i] >= 0).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("forecasts the same after it was written and read", async () => {
    const panel = buildPanel(sampleChain({ stores: 3, days: 100 }));
    const fitted = await model.fit(panel, options);
    const restored = model.restore(JSON.parse(JSON.stringify(fitted.parameters())));
    expect(restored.forecast(panel, allStores(panel), 42)).toEqual(
      fitted.forecast(panel, allStores(panel), 42),
    );
  });
});
