import type { Extrapolation, ScenarioPoint as PointRow, ScenarioOutcome, ScenarioPlan } from "@rossmann/ml";
import type { ScenarioAssumptions, ScenarioPoint, ScenarioSummary } from "../schemas/scenario.ts";
import type { ScenarioControls } from "./scenario-plan.ts";

const IN_WORDS: Record<Extrapolation, string> = {
  promo_on_weekday: "a promotion on a weekday that never had one",
  no_promo_on_weekday: "no promotion on a weekday that always had one",
  open_on_weekday: "open on a weekday on which it was always closed",
  open_on_state_holiday: "open on a public holiday, which hardly ever happened",
  long_promotion: "a promotion that runs longer than any before",
  school_holiday_in_month: "a school holiday in a month that has none",
  beyond_largest_day: "more than the store ever sold on a day",
};

/** What the answers of all scenario routes have in common. */
export function outcomeAnswer(outcome: ScenarioOutcome) {
  return {
    summary: summaryOf(outcome),
    points: outcome.points.map(pointAnswer),
    effects: {
      calendar_sales: outcome.effects.calendar,
      demand_sales: outcome.effects.demand,
      price_volume_sales: outcome.effects.priceVolume,
      price_revenue_sales: outcome.effects.priceRevenue,
    },
    warnings: warningsOf(outcome),
  };
}

export function controlsEcho(
  controls: Pick<ScenarioControls, "school_holiday" | "calendar_changes">,
  plan: ScenarioPlan,
) {
  return {
    promo_mode: plan.promoMode,
    weekend_open: plan.weekendOpen,
    school_holiday: controls.school_holiday,
    school_holiday_mode: plan.schoolHolidayMode,
    calendar_changes: controls.calendar_changes,
    demand_shift_pct: plan.demandShiftPct,
  };
}

export const priceEcho = (plan: ScenarioPlan) => ({
  price_change_pct: plan.priceChangePct,
  price_elasticity: plan.elasticity,
  price_elasticity_low: plan.elasticityLow,
  price_elasticity_high: plan.elasticityHigh,
});

export function assumptionsAnswer(outcome: ScenarioOutcome): ScenarioAssumptions {
  const { plan, factors } = outcome;
  return {
    ...priceEcho(plan),
    price_effect_pct: factors.priceEffectPct,
    effective_demand_shift_pct: factors.volumePct,
    volume_effect_pct: factors.volumePct,
    revenue_effect_pct: 100 * (factors.volume * factors.price - 1),
    total_scenario_sales_at_low_elasticity: outcome.totalAtLowElasticity,
    total_scenario_sales_at_high_elasticity: outcome.totalAtHighElasticity,
  };
}

function pointAnswer(point: PointRow): ScenarioPoint {
  return {
    date: point.date,
    baseline_sales: point.baseline.total,
    scenario_sales: point.scenario.total,
    delta_sales: point.difference.delta,
    scenario_lower: point.scenario.lower,
    scenario_upper: point.scenario.upper,
    baseline_lower: point.baseline.lower,
    baseline_upper: point.baseline.upper,
    delta_lower: point.difference.lower,
    delta_upper: point.difference.upper,
    open: point.openStores,
    baseline_open: point.baselineOpenStores,
    promo: point.promoStores,
    baseline_promo: point.baselinePromoStores,
    school_holiday: point.schoolHolidayStores,
    basis: point.known ? "known" : "projected",
    is_extrapolated: point.extrapolatedStores > 0,
    extrapolated_stores: point.extrapolatedStores,
    extrapolation: point.extrapolation.map((reason) => IN_WORDS[reason]),
  };
}

function summaryOf({ points, baseline, scenario, difference }: ScenarioOutcome): ScenarioSummary {
  const best = points.reduce((a, b) => (b.difference.delta > a.difference.delta ? b : a));
  const worst = points.reduce((a, b) => (b.difference.delta < a.difference.delta ? b : a));
  return {
    total_baseline_sales: baseline.total,
    total_scenario_sales: scenario.total,
    total_delta_sales: difference.delta,
    uplift_pct: baseline.total > 0 ? (100 * difference.delta) / baseline.total : 0,
    avg_daily_delta: difference.delta / points.length,
    max_delta_date: best.date,
    max_delta_value: best.difference.delta,
    min_delta_date: worst.date,
    min_delta_value: worst.difference.delta,
    total_delta_lower: difference.lower,
    total_delta_upper: difference.upper,
    total_scenario_lower: scenario.lower,
    total_scenario_upper: scenario.upper,
    total_baseline_lower: baseline.lower,
    total_baseline_upper: baseline.upper,
    extrapolated_days: points.filter(({ extrapolatedStores }) => extrapolatedStores > 0).length,
  };
}

function warningsOf({ plan, factors, points }: ScenarioOutcome): string[] {
  const warnings: string[] = [];
  const beyond = points.filter(({ extrapolatedStores }) => extrapolatedStores > 0).length;
  if (beyond > 0) {
    warnings.push(
      `on ${beyond} of ${points.length} days the scenario asks for what the history has not seen; the model guesses there`,
    );
  }
  if (plan.priceChangePct !== 0) {
    warnings.push(
      `no price is in the data: the effect on volume rests on an assumed elasticity of ${plan.elasticity} (${plan.elasticityLow} to ${plan.elasticityHigh})`,
    );
  }
  if (factors.isCutOff) {
    warnings.push("demand and price together would take away more than everything; volume is held at 0");
  }
  return warnings;
}
