/** All features, in the order of their columns. */
import { calendarBasis } from "./calendar-basis.ts";
import { competition } from "./competition.ts";
import { customersMedian, salesPerCustomer } from "./customers.ts";
import type { Feature } from "./feature.ts";
import { columnNames } from "./feature-table.ts";
import { groupLevel } from "./group-level.ts";
import { groupMediansFeature } from "./group-medians.ts";
import { historyLength } from "./history-length.ts";
import { lastYear, lastYearOfGroup } from "./last-year.ts";
import { longClosure } from "./long-closure.ts";
import { openingDays } from "./opening-days.ts";
import { promoRhythm } from "./promo-rhythm.ts";
import { promo2 } from "./promo2.ts";
import { recentLevel } from "./recent-level.ts";
import { residualShape } from "./residual-shape.ts";
import { responseEffects } from "./response-effects.ts";
import { responseRatios } from "./response-ratios.ts";
import { ridgeForecast } from "./ridge-forecast.ts";
import { ridgeLine } from "./ridge-line.ts";
import { sameWeekdayLevel } from "./same-weekday-level.ts";
import { schoolHolidayFeature } from "./school-holiday.ts";
import { stateHolidayFeature } from "./state-holiday.ts";
import { storeConstants } from "./store-constants.ts";
import { storeMedian } from "./store-median.ts";
import { targetDay } from "./target-day.ts";
import { yearOverYear } from "./year-over-year.ts";

/** What 1 to 42 days ahead are forecast from. */
export const NEAR_FEATURES: readonly Feature[] = [
  groupMediansFeature,
  recentLevel,
  sameWeekdayLevel,
  storeMedian,
  yearOverYear,
  lastYear,
  lastYearOfGroup,
  groupLevel,
  ridgeForecast,
  ridgeLine,
  residualShape,
  responseRatios,
  responseEffects,
  customersMedian,
  salesPerCustomer,
  targetDay,
  promoRhythm,
  stateHolidayFeature,
  schoolHolidayFeature,
  openingDays,
  longClosure,
  promo2,
  competition,
  storeConstants,
  historyLength,
];

/** What later days are forecast from. */
export const FAR_FEATURES: readonly Feature[] = [...NEAR_FEATURES, calendarBasis];

export const ALL_FEATURES = FAR_FEATURES;

/** The names of everything that boosted trees may look at. */
export const FEATURE_COLUMNS: readonly string[] = columnNames(ALL_FEATURES);
