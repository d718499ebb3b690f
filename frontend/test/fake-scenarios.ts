import type {
  KnownFuture,
  NamedScenario,
  ScenarioCompareBody,
  ScenarioComparison,
  ScenarioPoint,
} from "@rossmann/backend";
import { weekdayOf } from "../src/lib/days.ts";
import { stamp, widthOf } from "./fake-batch.ts";
import type { FakeChain } from "./fake-chain.ts";

const PROMO_LIFT = 1.32;
const USUAL_ELASTICITY = 1;

type Compared = ScenarioComparison["scenarios"][number];

/** Scenarios of the made-up chain: a promotion lifts, a closed day sells nothing, demand and price shift once. */
export function fakeComparison(chain: FakeChain, body: ScenarioCompareBody): ScenarioComparison {
  const horizon = Number(body.horizon_days ?? 30);
  const level = Number(body.confidence_level ?? 0.8);
  const ids = body.store_id == null ? segmentIds(chain, body.segment ?? {}) : [Number(body.store_id)];
  const series = ids.map((id) => chain.forecast(id, horizon));
  return {
    ...stamp(chain, "scenario_v2"),
    target: {
      mode: body.store_id == null ? "segment" : "store",
      store_id: body.store_id == null ? null : Number(body.store_id),
      segment: null,
      stores_count: body.store_id == null ? ids.length : null,
      store_ids: body.store_id == null ? ids : null,
      matched_stores_count: body.store_id == null ? ids.length : null,
      truncated: false,
    },
    request: { confidence_level: level, horizon_days: horizon, data_source_id: 1 },
    failures: [],
    scenarios: body.scenarios.map((scenario) => compared(scenario, series, level)),
  };
}

export const segmentIds = (
  chain: FakeChain,
  segment: NonNullable<ScenarioCompareBody["segment"]>,
): number[] =>
  chain.stores
    .filter(
      (store) =>
        (segment.store_type == null || store.store_type === segment.store_type) &&
        (segment.assortment == null || store.assortment === segment.assortment) &&
        (segment.promo2 == null || store.promo2 === Number(segment.promo2)),
    )
    .map((store) => store.store_id);

function compared(
  scenario: NamedScenario,
  series: ReturnType<FakeChain["forecast"]>[],
  level: number,
): Compared {
  const price = Number(scenario.price_change_pct ?? 0);
  const demand = Number(scenario.demand_shift_pct ?? 0);
  const elasticity = Number(scenario.price_elasticity ?? USUAL_ELASTICITY);
  const volume = Math.max(0, 1 + (demand - elasticity * price) / 100);
  const turnover = volume * (1 + price / 100);
  const spread = 0.13 * widthOf(level);
  const points = (series[0] ?? []).map((_, i): ScenarioPoint => {
    const days = series.map((days) => days[i]!);
    const date = days[0]!.date;
    const isWeekend = weekdayOf(date) > 5;
    const change = (scenario.calendar_changes ?? []).find((entry) => entry.date === date);
    let [calendar, base, open, promo] = [0, 0, 0, 0];
    for (const day of days) {
      base += day.predicted_sales;
      const isOpen =
        change?.open == null
          ? day.open === 1 && !(scenario.weekend_open === false && isWeekend)
          : Number(change.open) === 1;
      if (!isOpen) continue;
      open += 1;
      const planned = day.promo === 1;
      const mode = scenario.promo_mode ?? "as_is";
      const wanted =
        change?.promo == null
          ? mode === "as_is"
            ? planned
            : mode === "always_on" || (mode === "weekends_only" && isWeekend)
          : Number(change.promo) === 1;
      if (wanted) promo += 1;
      calendar += day.predicted_sales * (wanted === planned ? 1 : wanted ? PROMO_LIFT : 1 / PROMO_LIFT);
    }
    const sales = calendar * turnover;
    const delta = sales - base;
    const doubt = Math.abs(delta) * 0.4 * widthOf(level);
    const isExtrapolated = promo > 0 && isWeekend;
    return {
      date,
      baseline_sales: base,
      scenario_sales: sales,
      delta_sales: delta,
      scenario_lower: sales * (1 - spread),
      scenario_upper: sales * (1 + spread),
      baseline_lower: base * (1 - spread),
      baseline_upper: base * (1 + spread),
      delta_lower: delta - doubt,
      delta_upper: delta + doubt,
      open,
      baseline_open: days.reduce((sum, day) => sum + day.open, 0),
      promo,
      baseline_promo: days.reduce((sum, day) => sum + day.promo, 0),
      school_holiday: scenario.school_holiday_mode === "always_on" ? days.length : 0,
      basis: days.every((day) => day.basis === "known") ? "known" : "projected",
      is_extrapolated: isExtrapolated,
      extrapolated_stores: isExtrapolated ? open : 0,
      extrapolation: isExtrapolated ? ["no promotion on a weekend in history"] : [],
    };
  });
  const sum = (pick: (point: ScenarioPoint) => number) =>
    points.reduce((total, point) => total + pick(point), 0);
  const [base, sales] = [sum((point) => point.baseline_sales), sum((point) => point.scenario_sales)];
  const delta = sales - base;
  const best = points.reduce((a, b) => (b.delta_sales > a.delta_sales ? b : a));
  const least = points.reduce((a, b) => (b.delta_sales < a.delta_sales ? b : a));
  const byCalendar = sales / (turnover || 1);
  return {
    name: scenario.name,
    request: {
      promo_mode: (scenario.promo_mode as "as_is") ?? "as_is",
      weekend_open: scenario.weekend_open !== false,
      school_holiday: 0,
      school_holiday_mode: (scenario.school_holiday_mode as "as_is") ?? "as_is",
      calendar_changes: [],
      demand_shift_pct: demand,
      price_change_pct: price,
      price_elasticity: elasticity,
      price_elasticity_low: elasticity / 2,
      price_elasticity_high: elasticity * 1.5,
    },
    assumptions: {
      price_change_pct: price,
      price_elasticity: elasticity,
      price_elasticity_low: elasticity / 2,
      price_elasticity_high: elasticity * 1.5,
      price_effect_pct: -elasticity * price,
      effective_demand_shift_pct: demand - elasticity * price,
      volume_effect_pct: demand - elasticity * price,
      revenue_effect_pct: (turnover - 1) * 100,
      total_scenario_sales_at_low_elasticity: sales * (1 + (elasticity * price) / 200),
      total_scenario_sales_at_high_elasticity: sales * (1 - (elasticity * price) / 200),
    },
    summary: {
      total_baseline_sales: base,
      total_scenario_sales: sales,
      total_delta_sales: delta,
      uplift_pct: base === 0 ? 0 : (100 * delta) / base,
      avg_daily_delta: delta / points.length,
      max_delta_date: best.date,
      max_delta_value: best.delta_sales,
      min_delta_date: least.date,
      min_delta_value: least.delta_sales,
      total_delta_lower: delta - Math.abs(delta) * 0.22,
      total_delta_upper: delta + Math.abs(delta) * 0.22,
      total_scenario_lower: sales * 0.95,
      total_scenario_upper: sales * 1.05,
      total_baseline_lower: base * 0.96,
      total_baseline_upper: base * 1.04,
      extrapolated_days: points.filter((point) => point.is_extrapolated).length,
    },
    points,
    effects: {
      calendar_sales: byCalendar - base,
      demand_sales: byCalendar * (demand / 100),
      price_volume_sales: byCalendar * ((-elasticity * price) / 100),
      price_revenue_sales: sales - byCalendar * volume,
    },
    warnings: [],
  };
}

/** The plan of a store's coming days. */
export function fakeKnownFuture(chain: FakeChain, store: number, horizon: number): KnownFuture {
  const days = chain
    .forecast(store, horizon)
    .map(({ date, open, promo, state_holiday, school_holiday, basis }) => ({
      date,
      open,
      promo,
      state_holiday,
      school_holiday,
      basis,
    }));
  return {
    store_id: store,
    origin: chain.to,
    known_until: days.findLast((day) => day.basis === "known")?.date ?? null,
    days,
  };
}
