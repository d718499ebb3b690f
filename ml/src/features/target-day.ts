import type { DayFeature } from "./feature.ts";

/** Place of the target day in week, month and year, and how far ahead it is. */
export const targetDay: DayFeature = {
  scope: "day",
  names: [
    "weekday",
    "day_of_month",
    "days_to_month_end",
    "month",
    "day_of_year",
    "week_of_year",
    "year",
    "horizon",
  ],
  compute({ days, end }, _store, t, out, at) {
    out[at] = days.weekday[t];
    out[at + 1] = days.dayOfMonth[t];
    out[at + 2] = days.daysInMonth[t] - days.dayOfMonth[t];
    out[at + 3] = days.month[t];
    out[at + 4] = days.dayOfYear[t];
    out[at + 5] = days.weekOfYear[t];
    out[at + 6] = days.year[t];
    out[at + 7] = t - end + 1;
  },
};
