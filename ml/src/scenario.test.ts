import { weekday } from "@rossmann/core";
import { beforeAll, describe, expect, it } from "vitest";
import { sampleChain } from "../test/sample-chain.ts";
import { createBench, forecastAll, pointsOf, type ReadyBench } from "./answers/bench.ts";
import { portfolioOf } from "./answers/portfolio.ts";
import { learn } from "./learn.ts";
import { allStores } from "./model.ts";
import { buildPanel, type Panel } from "./panel.ts";
import { effectErrors } from "./scenario/effect-errors.ts";
import { runScenarios, type ScenarioPlan } from "./scenario.ts";
import { forecastPoints, type TrainedModel } from "./trained-model.ts";

const AS_IS: ScenarioPlan = {
  promoMode: "as_is",
  weekendOpen: true,
  schoolHolidayMode: "as_is",
  edits: [],
  demandShiftPct: 0,
  priceChangePct: 0,
  elasticity: 1,
  elasticityLow: 0.5,
  elasticityHigh: 1.5,
};
/** Everything at once, so that every calendar is written. */
const UPSIDE_DOWN: ScenarioPlan = {
  ...AS_IS,
  promoMode: "always_on",
  weekendOpen: false,
  schoolHolidayMode: "always_on",
};

let panel: Panel;
let trained: TrainedModel;
let bench: ReadyBench;

beforeAll(async () => {
  panel = buildPanel(sampleChain({ stores: 5, days: 780, noise: 0.04 }));
  const learned = await learn(panel, { profile: "quick", seed: 1, origins: 3 });
  // Boosted trees answer, whatever was chosen: they have the most to lose from a calendar that is not taken back.
  const boosting = learned.models.find((model) => model.name === "boosting")!;
  const fitted = await boosting.fit(panel, { profile: "quick", seed: 1, horizon: 180 });
  trained = {
    ...learned.trained,
    models: new Map([["boosting", fitted]]),
    parts: [{ to: 180, name: "boosting", members: [{ name: "boosting", weight: 1 }] }],
  };
  bench = await forecastAll(createBench(panel, trained, 1));
}, 120_000);

describe("runScenarios", () => {
  it("leaves the kept views as they were", () => {
    const stores = allStores(panel);
    const before = forecastPoints(trained, panel, stores, 60, bench.views);
    const open = panel.open.slice();
    runScenarios(bench, [2, 4], [UPSIDE_DOWN], 60, 0.8);
    expect(forecastPoints(trained, panel, stores, 60, bench.views)).toEqual(before);
    expect(panel.open).toEqual(open);
  });

  it("gives the same for a store alone and among others", () => {
    const alone = (id: number) => runScenarios(bench, [id], [UPSIDE_DOWN], 42, 0.8).outcomes[0];
    const together = runScenarios(bench, [5, 1, 3], [UPSIDE_DOWN], 42, 0.8).outcomes[0];
    const sum = alone(1).scenario.total + alone(3).scenario.total + alone(5).scenario.total;
    expect(together.scenario.total).toBeCloseTo(sum, 6);
    expect(together.difference.delta).toBeCloseTo(together.scenario.total - together.baseline.total, 6);
  });

  it("does not depend on the scenarios beside it", () => {
    const plans = [AS_IS, UPSIDE_DOWN, { ...AS_IS, promoMode: "off" as const }];
    const { outcomes } = runScenarios(bench, [1], plans, 30, 0.8);
    plans.forEach((plan, k) => {
      expect(runScenarios(bench, [1], [plan], 30, 0.8).outcomes[0]).toEqual(outcomes[k]);
    });
  });

  it("finds what a promotion brings: the sample sells exp(0.3) times as much", () => {
    const [on] = runScenarios(
      bench,
      [1, 2, 3, 4, 5],
      [{ ...AS_IS, promoMode: "always_on" }],
      28,
      0.8,
    ).outcomes;
    const [off] = runScenarios(bench, [1, 2, 3, 4, 5], [{ ...AS_IS, promoMode: "off" }], 28, 0.8).outcomes;
    const weekdays = on.points
      .map((point, k) => ({ on: point, off: off.points[k] }))
      .filter(({ on: { date } }) => {
        const day = new Date(`${date}T00:00:00Z`).getUTCDay();
        return day >= 1 && day <= 5;
      });
    for (const { on: promoted, off: plain } of weekdays) {
      if (plain.scenario.total === 0) continue;
      const effect = Math.log(promoted.scenario.total / plain.scenario.total);
      expect(effect).toBeGreaterThan(0.15);
      expect(effect).toBeLessThan(0.45);
    }
  });

  it("has an interval of the difference narrower than the two intervals apart", () => {
    const { outcomes } = runScenarios(bench, [1, 2, 3, 4, 5], [{ ...AS_IS, promoMode: "off" }], 28, 0.8);
    const { difference, baseline, scenario } = outcomes[0];
    expect(difference.lower).toBeLessThan(difference.delta);
    expect(difference.upper).toBeGreaterThan(difference.delta);
    expect(difference.upper).toBeLessThan(0);
    expect(difference.upper - difference.lower).toBeLessThan(
      baseline.upper - baseline.lower + (scenario.upper - scenario.lower),
    );
  });

  it("shifts the interval of the difference with the level of the errors alone when only demand is assumed", () => {
    const { outcomes } = runScenarios(bench, [3], [{ ...AS_IS, demandShiftPct: 10 }], 28, 0.8);
    const { difference, baseline } = outcomes[0];
    // A tenth of the sales, as uncertain as the sales are.
    const share = (difference.upper - difference.lower) / difference.delta;
    const ofBaseline = (baseline.upper - baseline.lower) / baseline.total;
    expect(share).toBeGreaterThan(0.5 * ofBaseline);
    expect(share).toBeLessThan(1.5 * ofBaseline);
  });
});

describe("portfolioOf", () => {
  it("adds single forecasts up, and its weeks are calendar weeks", () => {
    const portfolio = portfolioOf(bench, [1, 2, 3], 30, 0.9);
    const points = pointsOf(bench, Int32Array.of(0, 1, 2), 30);
    expect(portfolio.total).toBeCloseTo(
      points.reduce((a, b) => a + b, 0),
      6,
    );
    for (const { dateFrom, dateTo } of portfolio.weeks.slice(1, -1)) {
      const day = (date: string) => weekday(Date.parse(date) / 86_400_000);
      expect([day(dateFrom), day(dateTo)]).toEqual([1, 7]);
    }
  });
});

describe("effectErrors", () => {
  it("is the mean error of promotion days less that of other working days", () => {
    const origin = panel.firstDay + 700;
    const values = new Float32Array(14).fill(NaN);
    for (let h = 1; h <= 14; h++) {
      const t = 700 + h;
      if (panel.open[t] !== 1) continue;
      values[h - 1] = panel.promo[t] === 1 ? 0.3 : 0.1;
    }
    const path = { origin, from: 1, to: 14, values };
    const errors = effectErrors(path, panel, Int32Array.of(0), [0]);
    expect(errors.promo).toBeCloseTo(0.2, 6);
    // No school holiday in these weeks: nothing can be said, and the error counts as a tenth.
    expect(errors.schoolHoliday).toBe(0.1);
  });
});
