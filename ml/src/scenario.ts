/** What-if answers: the coming days of some stores under another calendar, another demand and another price. */
import { type IsoDate, isoDate } from "@rossmann/core";
import { pointsOf, type ReadyBench } from "./answers/bench.ts";
import { type StoreFailure, sortOut } from "./answers/forecastable.ts";
import { totalsOf } from "./answers/portfolio.ts";
import { boundsOf } from "./answers/store-points.ts";
import { NothingToForecastError } from "./errors.ts";
import { withChangedViews } from "./features/origin-views.ts";
import type { TotalBounds } from "./intervals/totals.ts";
import { Basis, originOf, type Panel } from "./panel.ts";
import { type AssumedFactors, factorsOf } from "./scenario/assumptions.ts";
import { type Difference, differencesOf } from "./scenario/difference.ts";
import { type Extrapolation, extrapolationsOf, largestDayOf } from "./scenario/extrapolation.ts";
import { type CalendarPlan, withPlannedCalendar } from "./scenario/plan-calendar.ts";
import { forecastPoints } from "./trained-model.ts";

export interface ScenarioPlan extends CalendarPlan {
  demandShiftPct: number;
  priceChangePct: number;
  /** percent of volume lost for each percent of price increase, and the range it may lie in */
  elasticity: number;
  elasticityLow: number;
  elasticityHigh: number;
}

/** One day, summed over the stores. Sales in currency units. */
export interface ScenarioPoint {
  date: IsoDate;
  baseline: TotalBounds;
  scenario: TotalBounds;
  difference: Difference;
  openStores: number;
  baselineOpenStores: number;
  promoStores: number;
  baselinePromoStores: number;
  schoolHolidayStores: number;
  /** the calendar of the baseline was known in advance for every open store */
  known: boolean;
  /** stores whose day leaves what their history has seen, and in which ways */
  extrapolatedStores: number;
  extrapolation: Extrapolation[];
}

/** Parts of the difference; they add up to it. */
export interface ScenarioEffects {
  calendar: number;
  demand: number;
  priceVolume: number;
  priceRevenue: number;
}

export interface ScenarioOutcome {
  plan: ScenarioPlan;
  factors: AssumedFactors;
  points: ScenarioPoint[];
  baseline: TotalBounds;
  scenario: TotalBounds;
  difference: Difference;
  effects: ScenarioEffects;
  /** the scenario's total at the ends of the elasticity's range */
  totalAtLowElasticity: number;
  totalAtHighElasticity: number;
}

export interface ScenarioAnswer {
  storeIds: number[];
  failures: StoreFailure[];
  outcomes: ScenarioOutcome[];
}

/**
 * Hold scenarios against the plain forecast of some stores. A scenario that changes nothing equals it to the last digit.
 *
 * @throws {NothingToForecastError} when none of the stores can be forecast
 */
export function runScenarios(
  bench: ReadyBench,
  storeIds: readonly number[],
  plans: readonly ScenarioPlan[],
  horizon: number,
  level: number,
): ScenarioAnswer {
  const { able, failures } = sortOut(bench, storeIds);
  if (able.length === 0) throw new NothingToForecastError(storeIds.length, failures[0]?.detail ?? "");
  const indexes = Int32Array.from(able, (id) => bench.storeIndex.get(id)!).sort();
  const baseline = pointsOf(bench, indexes, horizon);
  return {
    storeIds: able,
    failures,
    outcomes: plans.map((plan) =>
      withPlannedCalendar(bench.panel, indexes, plan, (changed) =>
        outcomeOf(bench, indexes, baseline, plan, changed, horizon, level),
      ),
    ),
  };
}

function outcomeOf(
  bench: ReadyBench,
  stores: Int32Array,
  baseline: Float64Array,
  plan: ScenarioPlan,
  changed: Panel,
  horizon: number,
  level: number,
): ScenarioOutcome {
  const { panel } = bench;
  const learned =
    changed === panel
      ? baseline
      : withChangedViews(bench.views, panel, changed, stores, (views) =>
          forecastPoints(bench.trained, changed, stores, horizon, views),
        );
  const factors = factorsOf(plan);
  const factor = factors.volume * factors.price;
  const scenario = learned.map((sales) => sales * factor);
  const boundsOfBaseline = boundsOver(bench, stores, baseline, horizon, level);
  const boundsOfScenario = boundsOver(bench, stores, scenario, horizon, level);
  const differences = differencesOf({
    paths: bench.trained.paths,
    base: panel,
    changed,
    stores,
    rows: stores.map((store) => bench.trainedRow[store]),
    baseline,
    scenario,
    horizon,
  });
  const marks = Array.from(stores, (store, i) => {
    const reasons = extrapolationsOf(panel, changed, store, horizon);
    const largest = largestDayOf(panel, store);
    return reasons.map((ofDay, k) => {
      const place = i * horizon + k;
      const isBeyond = learned[place] * factors.volume > largest && baseline[place] <= largest;
      return isBeyond ? [...ofDay, "beyond_largest_day" as const] : ofDay;
    });
  });
  const learnedTotal = sum(learned);
  const totalAt = (elasticity: number) => {
    const at = factorsOf({ ...plan, elasticity });
    return learnedTotal * at.volume * at.price;
  };
  return {
    plan,
    factors,
    points: Array.from({ length: horizon }, (_, k) => ({
      date: isoDate(originOf(panel) + 1 + k),
      baseline: boundsOfBaseline.day(k),
      scenario: boundsOfScenario.day(k),
      difference: differences(k + 1, k + 1, level),
      ...calendarCounts(panel, changed, stores, k),
      extrapolatedStores: marks.filter((ofStore) => ofStore[k].length > 0).length,
      extrapolation: [...new Set(marks.flatMap((ofStore) => ofStore[k]))],
    })),
    baseline: boundsOfBaseline.total,
    scenario: boundsOfScenario.total,
    difference: differences(1, horizon, level),
    effects: effectsOf(sum(baseline), learnedTotal, plan, factors),
    totalAtLowElasticity: totalAt(plan.elasticityLow),
    totalAtHighElasticity: totalAt(plan.elasticityHigh),
  };
}

/** A single store's days have its own intervals, as its plain forecast has; sums have those of joint errors. */
function boundsOver(
  bench: ReadyBench,
  stores: Int32Array,
  points: Float64Array,
  horizon: number,
  level: number,
): { day: (k: number) => TotalBounds; total: TotalBounds } {
  const totals = totalsOf(bench, stores, points, horizon);
  const total = totals(1, horizon)(level);
  if (stores.length > 1) return { day: (k) => totals(k + 1, k + 1)(level), total };
  const { lower, upper } = boundsOf(bench, stores[0], points, level);
  return { day: (k) => ({ total: points[k], lower: lower[k], upper: upper[k] }), total };
}

function calendarCounts(base: Panel, changed: Panel, stores: Int32Array, k: number) {
  const counts = {
    openStores: 0,
    baselineOpenStores: 0,
    promoStores: 0,
    baselinePromoStores: 0,
    schoolHolidayStores: 0,
    known: true,
  };
  for (const store of stores) {
    const cell = store * base.calendarDays + base.historyDays + k;
    counts.openStores += changed.open[cell];
    counts.baselineOpenStores += base.open[cell];
    counts.promoStores += changed.promo[cell];
    counts.baselinePromoStores += base.promo[cell];
    counts.schoolHolidayStores += changed.schoolHoliday[cell];
    if (base.basis[cell] !== Basis.known) counts.known = false;
  }
  return counts;
}

/** One cause after the other: the calendar first, then demand, then price on what they leave. */
function effectsOf(
  baseline: number,
  learned: number,
  plan: ScenarioPlan,
  { volume, price, volumePct }: AssumedFactors,
): ScenarioEffects {
  // A shift beyond −100 % is held there; what demand already took away, the price cannot take again.
  const demandPct = Math.max(-100, plan.demandShiftPct);
  return {
    calendar: learned - baseline,
    demand: (learned * demandPct) / 100,
    priceVolume: (learned * (volumePct - demandPct)) / 100,
    priceRevenue: learned * volume * (price - 1),
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
