/** The causes in which a planner thinks of a day's sales, and which of them each input of the trees stands for. */

export const DRIVERS = [
  "level",
  "weekday",
  "promotion",
  "season",
  "holidays",
  "trend",
  "competition",
] as const;

export type Driver = (typeof DRIVERS)[number];
export type Drivers = Record<Driver, number>;

export const DRIVER_COUNT = DRIVERS.length;
export const LEVEL = DRIVERS.indexOf("level");
export const WEEKDAY = DRIVERS.indexOf("weekday");
export const PROMOTION = DRIVERS.indexOf("promotion");
export const SEASON = DRIVERS.indexOf("season");
export const HOLIDAYS = DRIVERS.indexOf("holidays");
export const TREND = DRIVERS.indexOf("trend");

/** First words of column names; the longest that fits decides. */
const CAUSES: Record<Driver, readonly string[]> = {
  level: [
    "base",
    "weekday_level",
    "last_same",
    "store_median",
    "residual_",
    "customers_",
    "sales_per_customer",
    "store_type",
    "assortment",
    "region",
    "history_days",
    "missing_share",
    // What the ridge says of the day; its share is handed on to the causes the ridge itself names.
    "ridge_forecast",
  ],
  weekday: ["weekday", "saturday_share", "monday_share", "opens_sundays"],
  promotion: ["promo", "days_since_promo", "days_until_promo", "last_year_promo", "calendar_known"],
  season: [
    "day_of_month",
    "days_to_month_end",
    "month",
    "mid_month",
    "day_of_year",
    "week_of_year",
    "last_year",
    "two_years",
  ],
  holidays: [
    "state_holiday",
    "days_since_state_holiday",
    "days_until_state_holiday",
    "school",
    "days_since_school",
    "days_until_school",
    "last_year_school",
    "before_closing",
    // Of days on which nothing but Sundays is closed around, these are the weekday's: see closing-cause.ts.
    "closed_",
    "open_last",
    "open_next",
    "days_since_open",
    "days_since_closure",
    "days_until_closure",
  ],
  trend: [
    "level",
    "year_over_year",
    "ridge_line",
    "slope",
    "chain_level",
    "region_level",
    "year",
    "horizon",
    "sales_per_customer_change",
  ],
  competition: ["competition_", "log_competition_distance"],
};

/** Columns that tell of closed days around the target day. */
export const CLOSING_COLUMNS: readonly string[] = [
  "closed_yesterday",
  "closed_tomorrow",
  "open_last7",
  "open_next7",
  "days_since_open",
  "before_closing_effect",
];

/** Index in {@link DRIVERS} of the cause a column of the feature table stands for; null for a name that is new. */
export function driverOf(column: string): number | null {
  let longest = 0;
  let found: number | null = null;
  DRIVERS.forEach((driver, index) => {
    for (const start of CAUSES[driver]) {
      if (start.length > longest && column.startsWith(start)) {
        longest = start.length;
        found = index;
      }
    }
  });
  return found;
}
