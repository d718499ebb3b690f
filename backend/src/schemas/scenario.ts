import { z } from "zod";
import {
  basis,
  confidenceLevel,
  horizonDays,
  segmentSchema,
  stampFields,
  storeFailureSchema,
  storeId,
} from "./planning-values.ts";
import {
  businessDay,
  dataSourceFilter,
  day,
  flag,
  oneOf,
  realNumber,
  wholeNumber,
  writtenText,
} from "./values.ts";

export const PROMO_MODES = ["as_is", "always_on", "weekends_only", "off"] as const;
export const SCHOOL_HOLIDAY_MODES = ["as_is", "always_on", "off"] as const;
export const LARGEST_SCENARIOS = 3;
const LARGEST_CALENDAR_CHANGES = 2000;

const cell = () => wholeNumber(0, 1).nullish().describe("Absent or null leaves it as it is");

/** One day of the calendar, written anew for this scenario only. */
export const calendarChangeSchema = z
  .object({
    date: businessDay(),
    store_id: storeId().nullish().describe("One store of the target; without it every one"),
    open: cell(),
    promo: cell(),
    school_holiday: cell(),
    state_holiday: oneOf(["0", "a", "b", "c"]).nullish(),
  })
  .meta({ id: "CalendarChange" });

const calendarControls = {
  promo_mode: oneOf(PROMO_MODES)
    .default("as_is")
    .describe("as_is: the calendar of the coming days; the others change promotion on open days only"),
  weekend_open: flag()
    .default(true)
    .describe("false closes Saturdays and Sundays; true leaves each weekday as the calendar has it"),
  school_holiday: wholeNumber(0, 1)
    .default(0)
    .describe("1 makes every day a school holiday; 0 leaves the calendar as it is"),
  school_holiday_mode: oneOf(SCHOOL_HOLIDAY_MODES)
    .nullish()
    .describe("Says the same in words and wins over school_holiday; off takes every school holiday away"),
  calendar_changes: z
    .array(calendarChangeSchema)
    .max(LARGEST_CALENDAR_CHANGES, `change at most ${LARGEST_CALENDAR_CHANGES} days`)
    .default([])
    .describe("Single days, applied after the modes; the last change of a day wins"),
};

const elasticity = () => realNumber(0, 10).nullish();

/** Everything a scenario may change; the defaults change nothing. */
export const scenarioControlsFields = {
  ...calendarControls,
  price_change_pct: realNumber(-80, 200).default(0),
  demand_shift_pct: realNumber(-80, 200)
    .default(0)
    .describe("Applied once to each open day; it does not compound"),
  price_elasticity: elasticity().describe(
    "Percent of volume lost for each percent of price increase; default SCENARIO_PRICE_ELASTICITY",
  ),
  price_elasticity_low: elasticity().describe("Range that the answer shows; default half of it"),
  price_elasticity_high: elasticity().describe("Default one and a half times of it"),
};

const target = {
  store_id: storeId().nullish().describe("Either store_id or segment"),
  segment: segmentSchema.nullish(),
};

const frame = {
  confidence_level: confidenceLevel(),
  horizon_days: horizonDays(30),
  data_source_id: dataSourceFilter().nullable(),
};

export const forecastScenarioBodySchema = z.object({
  store_id: storeId(),
  ...calendarControls,
  demand_shift_pct: realNumber(-50, 50).default(0),
  ...frame,
});

export const scenarioRunBodySchema = z.object({ ...target, ...scenarioControlsFields, ...frame });

export const namedScenarioSchema = z
  .object({ name: writtenText(1, 80), ...scenarioControlsFields })
  .meta({ id: "NamedScenario" });

export const scenarioCompareBodySchema = z
  .object({
    ...target,
    ...frame,
    scenarios: z
      .array(namedScenarioSchema)
      .min(1, "name at least one scenario")
      .max(LARGEST_SCENARIOS, `compare at most ${LARGEST_SCENARIOS} scenarios`),
  })
  .meta({ id: "ScenarioCompareBody" });

export const scenarioPointSchema = z
  .object({
    date: day(),
    baseline_sales: z.number().describe("Exactly what the plain forecast says"),
    scenario_sales: z.number().describe("Turnover: volume at the new price"),
    delta_sales: z.number(),
    scenario_lower: z.number().nullable(),
    scenario_upper: z.number().nullable(),
    baseline_lower: z.number().nullable(),
    baseline_upper: z.number().nullable(),
    delta_lower: z.number().nullable().describe("Interval of the difference itself"),
    delta_upper: z.number().nullable(),
    open: z.int().describe("Open stores in the scenario"),
    baseline_open: z.int(),
    promo: z.int().describe("Stores with a promotion in the scenario"),
    baseline_promo: z.int(),
    school_holiday: z.int().describe("Stores with a school holiday in the scenario"),
    basis: basis(),
    is_extrapolated: z.boolean().describe("Its input leaves what history has seen"),
    extrapolated_stores: z.int(),
    extrapolation: z.array(z.string()).describe("Why, in words"),
  })
  .meta({ id: "ScenarioPoint" });

export const scenarioSummarySchema = z
  .object({
    total_baseline_sales: z.number(),
    total_scenario_sales: z.number(),
    total_delta_sales: z.number(),
    uplift_pct: z.number().describe("100 · delta / baseline; 0 when the baseline is 0"),
    avg_daily_delta: z.number(),
    max_delta_date: day().nullable().describe("First day with the largest signed difference"),
    max_delta_value: z.number(),
    min_delta_date: day().nullable(),
    min_delta_value: z.number(),
    total_delta_lower: z.number().nullable(),
    total_delta_upper: z.number().nullable(),
    total_scenario_lower: z.number().nullable(),
    total_scenario_upper: z.number().nullable(),
    total_baseline_lower: z.number().nullable(),
    total_baseline_upper: z.number().nullable(),
    extrapolated_days: z.int(),
  })
  .meta({ id: "ScenarioSummary" });

/** Where the difference comes from; the four add up to total_delta_sales. */
export const scenarioEffectsSchema = z
  .object({
    calendar_sales: z.number().describe("Promotion, opening and holidays, as the model learned them"),
    demand_sales: z.number().describe("The assumed shift of demand"),
    price_volume_sales: z.number().describe("Volume gained or lost by the price, at the old price"),
    price_revenue_sales: z.number().describe("What the new price earns more or less on that volume"),
  })
  .meta({ id: "ScenarioEffects" });

export const scenarioAssumptionsSchema = z
  .object({
    price_change_pct: z.number(),
    price_elasticity: z.number().describe("An assumption: no price is in the data"),
    price_elasticity_low: z.number(),
    price_elasticity_high: z.number(),
    price_effect_pct: z.number().describe("−elasticity · price change: effect on volume"),
    effective_demand_shift_pct: z.number().describe("demand_shift_pct + price_effect_pct, at least −100"),
    volume_effect_pct: z.number().describe("The same as a change of volume"),
    revenue_effect_pct: z.number().describe("Change of turnover by price and volume together"),
    total_scenario_sales_at_low_elasticity: z.number(),
    total_scenario_sales_at_high_elasticity: z.number(),
  })
  .meta({ id: "ScenarioAssumptions" });

export const scenarioTargetSchema = z
  .object({
    mode: z.enum(["store", "segment"]),
    store_id: z.int().nullable(),
    segment: z
      .object({
        store_type: z.string().optional(),
        assortment: z.string().optional(),
        promo2: z.int().optional(),
      })
      .nullable(),
    stores_count: z.int().nullable(),
    store_ids: z.array(z.int()).nullable(),
    matched_stores_count: z.int().nullable().describe("Stores that match before the limit"),
    truncated: z
      .boolean()
      .describe("More stores match than SCENARIO_MAX_SEGMENT_STORES; the best sellers were taken"),
  })
  .meta({ id: "ScenarioTarget" });

const controlsEcho = {
  promo_mode: z.enum(PROMO_MODES),
  weekend_open: z.boolean(),
  school_holiday: z.int(),
  school_holiday_mode: z.enum(SCHOOL_HOLIDAY_MODES),
  calendar_changes: z.array(calendarChangeSchema),
  demand_shift_pct: z.number(),
};

const frameEcho = { confidence_level: z.number(), horizon_days: z.int(), data_source_id: z.int() };

const outcome = {
  summary: scenarioSummarySchema,
  points: z.array(scenarioPointSchema),
  effects: scenarioEffectsSchema,
  warnings: z.array(z.string()).describe("What to know before relying on it"),
};

export const forecastScenarioSchema = z
  .object({
    ...stampFields,
    request: z.object({ store_id: z.int(), ...controlsEcho, ...frameEcho }),
    ...outcome,
  })
  .meta({ id: "ForecastScenario" });

const priceEcho = {
  price_change_pct: z.number(),
  price_elasticity: z.number(),
  price_elasticity_low: z.number(),
  price_elasticity_high: z.number(),
};

export const scenarioRunSchema = z
  .object({
    ...stampFields,
    target: scenarioTargetSchema,
    assumptions: scenarioAssumptionsSchema,
    request: z.object({
      store_id: z.int().nullable(),
      segment: z.record(z.string(), z.union([z.string(), z.int()])),
      ...controlsEcho,
      ...priceEcho,
      ...frameEcho,
    }),
    failures: z.array(storeFailureSchema),
    ...outcome,
  })
  .meta({ id: "ScenarioRun" });

export const scenarioCompareSchema = z
  .object({
    ...stampFields,
    target: scenarioTargetSchema,
    request: z.object(frameEcho),
    failures: z.array(storeFailureSchema),
    scenarios: z.array(
      z
        .object({
          name: z.string(),
          request: z.object({ ...controlsEcho, ...priceEcho }),
          assumptions: scenarioAssumptionsSchema,
          ...outcome,
        })
        .meta({ id: "ComparedScenario" }),
    ),
  })
  .meta({ id: "ScenarioComparison" });

export type ForecastScenarioBody = z.input<typeof forecastScenarioBodySchema>;
export type ScenarioRunBody = z.input<typeof scenarioRunBodySchema>;
export type ScenarioCompareBody = z.input<typeof scenarioCompareBodySchema>;
export type NamedScenario = z.input<typeof namedScenarioSchema>;
export type CalendarChange = z.output<typeof calendarChangeSchema>;
export type ForecastScenario = z.output<typeof forecastScenarioSchema>;
export type ScenarioRun = z.output<typeof scenarioRunSchema>;
export type ScenarioComparison = z.output<typeof scenarioCompareSchema>;
export type ScenarioPoint = z.output<typeof scenarioPointSchema>;
export type ScenarioSummary = z.output<typeof scenarioSummarySchema>;
export type ScenarioAssumptions = z.output<typeof scenarioAssumptionsSchema>;
export type ScenarioEffects = z.output<typeof scenarioEffectsSchema>;
export type ScenarioTarget = z.output<typeof scenarioTargetSchema>;
