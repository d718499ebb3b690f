/** The planning routes: portfolios, scenarios and the calendar of coming days. */
import { isoDate, weekday } from "@rossmann/core";
import type { TrainResult } from "@rossmann/ml";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { Api } from "../src/index.ts";
import { batchSchema } from "../src/schemas/batch.ts";
import { forecastSchema } from "../src/schemas/forecast.ts";
import { calendarSchema } from "../src/schemas/known-future.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { forecastScenarioSchema, scenarioCompareSchema, scenarioRunSchema } from "../src/schemas/scenario.ts";
import { appOn } from "./parts.ts";
import {
  CLOSED_STORE,
  KNOWN_DAYS,
  LAST,
  LAST_DAY,
  loadPlanningChain,
  NEW_STORE,
  OPEN_STORES,
  SUNDAY_STORE,
} from "./planning-chain.ts";

let database: TestDatabase;
let app: Api;
let trained: TrainResult;

beforeAll(async () => {
  database = await createTestDatabase();
  trained = await loadPlanningChain(database.db);
  app = appOn(database.db);
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const post = (path: string, payload: object | string) =>
  app.inject({
    method: "POST",
    url: `/api/v1${path}`,
    payload,
    headers: { "content-type": "application/json" },
  });

/** The answer, which must be complete and hold nothing that its schema does not name. */
async function ask<Schema extends z.ZodType>(schema: Schema, path: string, payload: object) {
  const answer = await post(path, payload);
  expect(answer.statusCode, answer.body).toBe(200);
  const body: unknown = answer.json();
  const parsed = schema.parse(body);
  expect(body).toEqual(parsed);
  return parsed;
}

const plain = async (store_id: number, horizon_days: number) =>
  ask(forecastSchema, "/forecast", { store_id, horizon_days });

async function refusal(path: string, payload: object | string, status = 400) {
  const answer = await post(path, payload);
  expect(answer.statusCode, answer.body).toBe(status);
  return problemSchema.parse(answer.json());
}

const isSunday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() === 0;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("POST /forecast/batch", () => {
  test("sums single forecasts to the last digit, by day, week, store and type", async () => {
    const batch = await ask(batchSchema, "/forecast/batch", {
      store_ids: [5, 1, 2, 5],
      horizon_days: 14,
    });
    const singles = await Promise.all([5, 1, 2].map((store) => plain(store, 14)));
    expect(batch.request.store_ids).toEqual([5, 1, 2]);
    expect(batch).toMatchObject({ origin: LAST_DAY, model_version: trained.version, failures: [] });
    batch.store_summaries.forEach((store, i) => {
      const own = singles[i]!.map((point) => point.predicted_sales);
      expect(store.total_predicted_sales).toBe(sum(own));
      expect(sum(store.weekly_sales)).toBeCloseTo(sum(own), 6);
      expect(store.peak_sales).toBe(Math.max(...own));
    });
    batch.portfolio_series.forEach((day, k) => {
      expect(day.predicted_sales).toBe(sum(singles.map((points) => points[k]!.predicted_sales)));
      expect(day.open_stores).toBe(sum(singles.map((points) => points[k]!.open)));
    });
    const total = batch.portfolio_summary.total_predicted_sales;
    expect(sum(batch.portfolio_series.map((day) => day.predicted_sales))).toBeCloseTo(total, 6);
    expect(sum(batch.weeks.map((week) => week.predicted_sales))).toBeCloseTo(total, 6);
    expect(sum(batch.by_store_type.map((type) => type.total_predicted_sales))).toBeCloseTo(total, 6);
    expect(batch.weeks.map((week) => weekday(LAST + 1 + dayOf(week.date_from)))).toEqual([1, 1]);
  });

  const dayOf = (date: string) => (Date.parse(date) - Date.parse(LAST_DAY)) / 86_400_000 - 1;

  test("gives a total an interval narrower than the sum of the parts' intervals", async () => {
    const batch = await ask(batchSchema, "/forecast/batch", { store_ids: OPEN_STORES, horizon_days: 14 });
    const { total_lower, total_upper, total_predicted_sales } = batch.portfolio_summary;
    expect(total_lower).toBeLessThan(total_predicted_sales);
    expect(total_upper).toBeGreaterThan(total_predicted_sales);
    expect(total_upper - total_lower).toBeLessThan(
      sum(batch.store_summaries.map((store) => 14 * store.avg_interval_width)),
    );
  });

  test("takes all stores, and names those it cannot forecast beside the others", async () => {
    const batch = await ask(batchSchema, "/forecast/batch", { all_stores: true, horizon_days: 7 });
    expect(batch.store_summaries.map((store) => store.store_id).sort()).toEqual(OPEN_STORES);
    expect(batch.failures.map(({ store_id, code }) => [store_id, code])).toEqual([
      [CLOSED_STORE, "store_closed"],
      [NEW_STORE, "store_without_history"],
    ]);
  });

  test("names an unknown store beside the others", async () => {
    const batch = await ask(batchSchema, "/forecast/batch", { store_ids: [1, 99], horizon_days: 7 });
    expect(batch.failures).toMatchObject([{ store_id: 99, code: "store_not_found" }]);
    expect(batch.portfolio_summary.stores_count).toBe(1);
  });

  test("takes the stores of a segment", async () => {
    const batch = await ask(batchSchema, "/forecast/batch", {
      segment: { store_type: "B", assortment: " " },
      horizon_days: 7,
    });
    expect(batch.store_summaries.map((store) => store.store_id)).toEqual([4, 2]);
  });

  test.each([
    [{ store_ids: [] }, 422, "name at least one store"],
    [{ store_ids: Array.from({ length: 5000 }, (_, i) => i + 1) }, 422, "at most 2000"],
    [{ store_ids: [1, -3] }, 422, "-3"],
    [{ store_ids: [99] }, 400, "99"],
    [{}, 400, "all_stores"],
    [{ store_ids: [1], all_stores: true }, 400, "not several"],
    [{ segment: { store_type: "z" } }, 400, "store types a, b"],
    [{ segment: {} }, 400, "all_stores"],
    [{ store_ids: [1], horizon_days: 0 }, 422, "0"],
    [{ store_ids: [1], horizon_days: 181 }, 422, "181"],
    [{ store_ids: [1], confidence_level: 1 }, 422, "0.99"],
  ])("refuses %j", async (body, status, said) => {
    const problem = await refusal("/forecast/batch", body, status);
    expect(problem.detail).toContain(said);
  });
});

describe("POST /scenario/run", () => {
  const run = (payload: object) => ask(scenarioRunSchema, "/scenario/run", payload);

  test("equals the plain forecast to the last digit when nothing is changed", async () => {
    const points = await plain(2, 42);
    const scenario = await run({ store_id: 2, horizon_days: 42 });
    expect(scenario.points.map((point) => [point.baseline_sales, point.scenario_sales])).toEqual(
      points.map((point) => [point.predicted_sales, point.predicted_sales]),
    );
    expect(scenario.points.map((point) => [point.baseline_lower, point.scenario_upper])).toEqual(
      points.map((point) => [point.predicted_lower, point.predicted_upper]),
    );
    expect(scenario.summary).toMatchObject({
      total_delta_sales: 0,
      uplift_pct: 0,
      total_delta_lower: 0,
      total_delta_upper: 0,
      extrapolated_days: 0,
    });
    expect(scenario.warnings).toEqual([]);
  });

  test("keeps the baseline of every scenario the plain forecast", async () => {
    const points = await plain(3, 20);
    const scenario = await run({
      store_id: 3,
      horizon_days: 20,
      promo_mode: "always_on",
      demand_shift_pct: -20,
    });
    expect(scenario.points.map((point) => point.baseline_sales)).toEqual(
      points.map((point) => point.predicted_sales),
    );
  });

  test("shifts demand once: +10 % is +10.0 % on every open day, closed days stay 0", async () => {
    const { points, summary } = await run({ store_id: 1, horizon_days: 60, demand_shift_pct: 10 });
    for (const point of points) {
      if (point.open === 0) expect([point.baseline_sales, point.scenario_sales]).toEqual([0, 0]);
      else expect(point.scenario_sales / point.baseline_sales).toBeCloseTo(1.1, 12);
    }
    expect(points.some((point) => point.open === 0)).toBe(true);
    expect(summary.uplift_pct).toBeCloseTo(10, 10);
  });

  test("changes promotion on open days only, and an opening on the weekday pattern only", async () => {
    const on = await run({ store_id: 1, horizon_days: 28, promo_mode: "always_on" });
    for (const point of on.points) {
      expect(point.open).toBe(isSunday(point.date) ? 0 : 1);
      if (point.open === 1) expect(point.promo).toBe(1);
      else expect([point.promo, point.scenario_sales]).toEqual([point.baseline_promo, 0]);
    }
    expect(on.summary.total_delta_sales).toBeGreaterThan(0);
    expect(Number(on.summary.total_delta_lower)).toBeGreaterThan(0);

    const off = await run({ store_id: 1, horizon_days: 28, promo_mode: "off" });
    expect(sum(off.points.map((point) => (point.open === 1 ? point.promo : 0)))).toBe(0);
    expect(off.summary.total_delta_sales).toBeLessThan(0);
    expect(Number(off.summary.total_delta_upper)).toBeLessThan(0);

    const weekends = await run({ store_id: 1, horizon_days: 28, promo_mode: "weekends_only" });
    for (const { date, open, promo } of weekends.points)
      if (open === 1) expect(promo).toBe(new Date(date).getUTCDay() === 6 ? 1 : 0);

    const closed = await run({ store_id: SUNDAY_STORE, horizon_days: 14, weekend_open: false });
    for (const { date, open, scenario_sales } of closed.points) {
      const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
      expect(open).toBe(isWeekend ? 0 : 1);
      if (isWeekend) expect(scenario_sales).toBe(0);
    }
    // Saturdays are open in every store, and yet no Sunday opens where none was.
    const open = await run({ store_id: 1, horizon_days: 14, weekend_open: true });
    expect(open.points.every(({ date, open: isOpen }) => isOpen === (isSunday(date) ? 0 : 1))).toBe(true);
  });

  test("says which days leave what the history has seen", async () => {
    const weekends = await run({ store_id: 1, horizon_days: 14, promo_mode: "weekends_only" });
    const marked = weekends.points.filter((point) => point.is_extrapolated);
    expect(marked.map(({ date }) => new Date(date).getUTCDay())).toEqual([6, 6]);
    expect(marked[0]?.extrapolation).toEqual(["a promotion on a weekday that never had one"]);
    expect(weekends.summary.extrapolated_days).toBe(2);
    expect(weekends.warnings[0]).toContain("2 of 14 days");

    const doubled = await run({ store_id: 1, horizon_days: 14, demand_shift_pct: 100 });
    expect(doubled.points.filter((point) => point.open === 1).every((point) => point.is_extrapolated)).toBe(
      true,
    );
    expect(doubled.points[1]?.extrapolation).toEqual(["more than the store ever sold on a day"]);
    const slightly = await run({ store_id: 1, horizon_days: 14, demand_shift_pct: -10 });
    expect(slightly.summary.extrapolated_days).toBe(0);

    const sunday = isoDate(LAST + 7);
    const opened = await run({
      store_id: 1,
      horizon_days: 14,
      calendar_changes: [{ date: sunday, open: 1 }],
    });
    const point = opened.points.find(({ date }) => date === sunday)!;
    expect(point).toMatchObject({ open: 1, baseline_open: 0, baseline_sales: 0, is_extrapolated: true });
    expect(point.scenario_sales).toBeGreaterThan(0);
  });

  test("changes single days of a copy, and forgets it", async () => {
    const before = await plain(1, 10);
    const date = isoDate(LAST + 3);
    const scenario = await run({
      store_id: 1,
      horizon_days: 10,
      calendar_changes: [
        { date, open: 0 },
        { date: isoDate(LAST + 4), store_id: 2, open: 0 },
      ],
    });
    expect(scenario.points.filter((point) => point.open !== point.baseline_open).map((p) => p.date)).toEqual([
      date,
    ]);
    expect(scenario.points[2]).toMatchObject({ scenario_sales: 0, delta_sales: -before[2]!.predicted_sales });
    expect(await plain(1, 10)).toEqual(before);
  });

  test("takes school holidays away or adds them", async () => {
    const days = async (payload: object) =>
      (await run({ store_id: 1, horizon_days: 14, ...payload })).points.map((point) => point.school_holiday);
    expect(new Set(await days({ school_holiday: 1 }))).toEqual(new Set([1]));
    expect(new Set(await days({ school_holiday: 1, school_holiday_mode: "off" }))).toEqual(new Set([0]));
    expect(await days({ school_holiday: 0 })).toEqual(await days({}));
  });

  test("tells volume and revenue effect of a price apart, with the range of the elasticity", async () => {
    const { assumptions, effects, summary, warnings } = await run({
      store_id: 1,
      horizon_days: 14,
      price_change_pct: -10,
      price_elasticity: 1.5,
      price_elasticity_low: 1,
      price_elasticity_high: 2,
      demand_shift_pct: 5,
    });
    expect(assumptions).toMatchObject({
      price_effect_pct: 15,
      effective_demand_shift_pct: 20,
      volume_effect_pct: 20,
      price_elasticity: 1.5,
    });
    expect(assumptions.revenue_effect_pct).toBeCloseTo(100 * (1.2 * 0.9 - 1), 10);
    const base = summary.total_baseline_sales;
    expect(summary.total_scenario_sales).toBeCloseTo(base * 1.2 * 0.9, 6);
    expect(assumptions.total_scenario_sales_at_low_elasticity).toBeCloseTo(base * 1.15 * 0.9, 6);
    expect(assumptions.total_scenario_sales_at_high_elasticity).toBeCloseTo(base * 1.25 * 0.9, 6);
    expect(effects.calendar_sales).toBe(0);
    expect(effects.demand_sales).toBeCloseTo(base * 0.05, 6);
    expect(effects.price_volume_sales).toBeCloseTo(base * 0.15, 6);
    expect(sum(Object.values(effects))).toBeCloseTo(summary.total_delta_sales, 6);
    expect(warnings.join()).toContain("elasticity of 1.5 (1 to 2)");
  });

  test("holds volume at 0 when demand and price would take away more than everything, and says so", async () => {
    const { summary, assumptions, warnings, effects } = await run({
      store_id: 1,
      horizon_days: 7,
      price_change_pct: 100,
      price_elasticity: 3,
      demand_shift_pct: -20,
    });
    expect(summary.total_scenario_sales).toBe(0);
    expect(assumptions.effective_demand_shift_pct).toBe(-100);
    expect(warnings.join()).toContain("held at 0");
    expect(sum(Object.values(effects))).toBeCloseTo(summary.total_delta_sales, 6);
  });

  test("spans a segment: sums of its stores, the failed ones beside", async () => {
    const segment = await run({ segment: { store_type: "a" }, horizon_days: 14, promo_mode: "off" });
    const singles = await Promise.all(
      [1, 3, 5].map((store_id) => run({ store_id, horizon_days: 14, promo_mode: "off" })),
    );
    expect(segment.target).toMatchObject({
      mode: "segment",
      segment: { store_type: "a" },
      stores_count: 4,
      truncated: false,
    });
    expect(segment.failures).toMatchObject([{ store_id: NEW_STORE, code: "store_without_history" }]);
    segment.points.forEach((point, k) => {
      expect(point.scenario_sales).toBeCloseTo(
        sum(singles.map(({ points }) => points[k]!.scenario_sales)),
        6,
      );
      expect(point.baseline_sales).toBeCloseTo(
        sum(singles.map(({ points }) => points[k]!.baseline_sales)),
        6,
      );
    });
  });

  test("says when a segment is cut, and takes the best sellers", async () => {
    const small = appOn(database.db, { settings: { SCENARIO_MAX_SEGMENT_STORES: 2 } });
    const answer = await small.inject({
      method: "POST",
      url: "/api/v1/scenario/run",
      payload: { segment: { assortment: "c" }, horizon_days: 7 },
    });
    await small.close();
    expect(scenarioRunSchema.parse(answer.json()).target).toMatchObject({
      truncated: true,
      stores_count: 2,
      matched_stores_count: 7,
      store_ids: [5, 4],
    });
  });

  test("a day sells the same however far the question reaches", async () => {
    const near = await run({ store_id: 4, horizon_days: 7, promo_mode: "always_on" });
    const far = await run({ store_id: 4, horizon_days: 42, promo_mode: "always_on" });
    expect(near.points).toEqual(far.points.slice(0, 7));
  });

  test.each([
    [{ horizon_days: 7 }, 400, "store_id or segment"],
    [{ segment: {}, horizon_days: 7 }, 400, "store_id or segment"],
    [{ store_id: 1, segment: { store_type: "a" } }, 400, "Use either store_id or segment"],
    [{ segment: { store_type: "nope" } }, 400, '"nope"'],
    [{ store_id: 99 }, 400, "99"],
    [{ store_id: CLOSED_STORE }, 400, "last sold"],
    [{ store_id: NEW_STORE }, 400, "no day with sales"],
    [{ store_id: 1, demand_shift_pct: 1e9 }, 422, "1000000000"],
    [{ store_id: 1, demand_shift_pct: "NaN" }, 422, "NaN"],
    [{ store_id: 1, horizon_days: 0 }, 422, "0"],
    [{ store_id: 1, horizon_days: 181 }, 422, "181"],
    [{ store_id: 1, promo_mode: "sometimes" }, 422, "sometimes"],
    [{ store_id: 1, price_elasticity: 1, price_elasticity_low: 2 }, 400, "must hold the elasticity 1"],
    [{ store_id: 1, calendar_changes: [{ date: "2015-06-31", open: 1 }] }, 422, "2015-06-31"],
  ])("refuses %j", async (body, status, said) => {
    expect((await refusal("/scenario/run", body, status)).detail).toContain(said);
  });

  test("refuses a NaN that is no JSON", async () => {
    const problem = await refusal("/scenario/run", '{"store_id": 1, "demand_shift_pct": NaN}', 422);
    expect(problem.code).toBe("json_invalid");
  });
});

describe("POST /forecast/scenario", () => {
  test("is the same scenario for one store, with the fields its clients know", async () => {
    const body = {
      store_id: 1,
      horizon_days: 30,
      promo_mode: "always_on",
      weekend_open: true,
      school_holiday: 0,
      demand_shift_pct: 10,
      confidence_level: 0.9,
    };
    const scenario = await ask(forecastScenarioSchema, "/forecast/scenario", body);
    expect(scenario.request).toMatchObject({ ...body, data_source_id: 1 });
    const run = await ask(scenarioRunSchema, "/scenario/run", body);
    expect(scenario.points).toEqual(run.points);
    expect(scenario.summary).toEqual(run.summary);
  });

  test("refuses a shift beyond 50 %", async () => {
    await refusal("/forecast/scenario", { store_id: 1, demand_shift_pct: 51 }, 422);
  });
});

describe("POST /scenario/compare", () => {
  test("answers up to three scenarios as single runs do", async () => {
    const frame = { store_id: 2, horizon_days: 14 };
    const scenarios = [
      { name: "As it is" },
      { name: "No promotion", promo_mode: "off" },
      { name: "Cheaper", price_change_pct: -5 },
    ];
    const compared = await ask(scenarioCompareSchema, "/scenario/compare", { ...frame, scenarios });
    expect(compared.scenarios.map(({ name }) => name)).toEqual(scenarios.map(({ name }) => name));
    for (const [k, { name: _, ...controls }] of scenarios.entries()) {
      const single = await ask(scenarioRunSchema, "/scenario/run", { ...frame, ...controls });
      expect(compared.scenarios[k]?.points).toEqual(single.points);
      expect(compared.scenarios[k]?.assumptions).toEqual(single.assumptions);
    }
  });

  test("refuses a fourth scenario, and none", async () => {
    const scenarios = Array.from({ length: 4 }, (_, k) => ({ name: `${k}` }));
    const many = await refusal("/scenario/compare", { store_id: 1, scenarios }, 422);
    expect(many.detail).toContain("at most 3");
    await refusal("/scenario/compare", { store_id: 1, scenarios: [] }, 422);
  });
});

describe("GET /forecast/calendar", () => {
  test("says of each coming day what is known and what is projected, as the forecast has it", async () => {
    const answer = await app.inject("/api/v1/forecast/calendar?store_id=1&horizon_days=14");
    expect(answer.statusCode, answer.body).toBe(200);
    const calendar = calendarSchema.parse(answer.json());
    expect(calendar).toMatchObject({
      origin: LAST_DAY,
      store_id: 1,
      known_until: isoDate(LAST + KNOWN_DAYS),
    });
    const points = await plain(1, 14);
    expect(calendar.days).toEqual(
      points.map(({ date, open, promo, state_holiday, school_holiday, basis }) => ({
        date,
        open,
        promo,
        state_holiday,
        school_holiday,
        basis,
      })),
    );
  });

  test("is 404 for an unknown store", async () => {
    expect((await app.inject("/api/v1/forecast/calendar?store_id=99")).statusCode).toBe(404);
  });
});

describe("POST /forecast", () => {
  test.each([
    [CLOSED_STORE, "store_closed", "2015-03-02"],
    [NEW_STORE, "store_without_history", "load its history"],
  ])("refuses store %i: %s", async (store_id, code, said) => {
    const problem = await refusal("/forecast", { store_id });
    expect(problem).toMatchObject({ code, detail: expect.stringContaining(said) });
  });

  test("says what each open day is made of when it is asked to, within a cent", async () => {
    const points = await ask(forecastSchema, "/forecast", { store_id: 2, horizon_days: 60, drivers: true });
    for (const { open, predicted_sales, drivers } of points) {
      if (open === 0) expect(drivers).toBeNull();
      else expect(Math.abs(sum(Object.values(drivers!)) - predicted_sales)).toBeLessThan(0.01);
    }
    const promoted = points.find((point) => point.promo === 1 && point.open === 1)!;
    expect(promoted.drivers?.promotion).toBeGreaterThan(0);
    expect((await plain(2, 60)).map((point) => point.predicted_sales)).toEqual(
      points.map((point) => point.predicted_sales),
    );
    expect((await plain(2, 3)).every((point) => point.drivers === null)).toBe(true);
  });

  test("widens its interval with the level that is asked for", async () => {
    const width = async (confidence_level: number) => {
      const [point] = await ask(forecastSchema, "/forecast", {
        store_id: 1,
        horizon_days: 1,
        confidence_level,
      });
      return Number(point?.predicted_upper) - Number(point?.predicted_lower);
    };
    expect(await width(0.95)).toBeGreaterThan(await width(0.8));
  });
});
