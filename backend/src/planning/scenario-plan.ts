import type { Settings } from "@rossmann/core";
import { parseIsoDate } from "@rossmann/core";
import type { CalendarEdit, ScenarioPlan } from "@rossmann/ml";
import type { z } from "zod";
import { HttpRefusal } from "../errors.ts";
import type { forecastScenarioBodySchema, namedScenarioSchema } from "../schemas/scenario.ts";

/** What was asked for; the price is absent where a route knows none. */
export type ScenarioControls = Omit<z.output<typeof namedScenarioSchema>, "name">;
type CalendarControls = Pick<
  z.output<typeof forecastScenarioBodySchema>,
  | "promo_mode"
  | "weekend_open"
  | "school_holiday"
  | "school_holiday_mode"
  | "calendar_changes"
  | "demand_shift_pct"
>;

const HOLIDAY_CODES = ["0", "a", "b", "c"] as const;

/** @throws {HttpRefusal} 400 when the range of the elasticity does not hold it */
export function planOf(
  controls: CalendarControls & Partial<ScenarioControls>,
  settings: Settings,
): ScenarioPlan {
  const elasticity = controls.price_elasticity ?? settings.SCENARIO_PRICE_ELASTICITY;
  const low = controls.price_elasticity_low ?? elasticity / 2;
  const high = controls.price_elasticity_high ?? elasticity * 1.5;
  if (low > elasticity || high < elasticity) {
    throw new HttpRefusal(
      400,
      "elasticity_range_invalid",
      `the range of the price elasticity, ${low} to ${high}, must hold the elasticity ${elasticity}`,
    );
  }
  return {
    promoMode: controls.promo_mode,
    weekendOpen: controls.weekend_open,
    schoolHolidayMode:
      controls.school_holiday_mode ?? (controls.school_holiday === 1 ? "always_on" : "as_is"),
    edits: controls.calendar_changes.map(editOf),
    demandShiftPct: controls.demand_shift_pct,
    priceChangePct: controls.price_change_pct ?? 0,
    elasticity,
    elasticityLow: low,
    elasticityHigh: high,
  };
}

type Cell = 0 | 1 | undefined;

function editOf(change: CalendarControls["calendar_changes"][number]): CalendarEdit {
  return {
    day: parseIsoDate(change.date)!,
    storeId: change.store_id ?? undefined,
    open: (change.open ?? undefined) as Cell,
    promo: (change.promo ?? undefined) as Cell,
    schoolHoliday: (change.school_holiday ?? undefined) as Cell,
    stateHoliday:
      typeof change.state_holiday === "string"
        ? (HOLIDAY_CODES.indexOf(change.state_holiday) as 0 | 1 | 2 | 3)
        : undefined,
  };
}
