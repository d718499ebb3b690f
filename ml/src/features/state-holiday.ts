import { countFlags, daysSince, daysUntil } from "./distance.ts";
import type { DayFeature } from "./feature.ts";

/** State holidays on and around the target day. */
export const stateHolidayFeature: DayFeature = {
  scope: "day",
  names: [
    "state_holiday",
    "days_since_state_holiday",
    "days_until_state_holiday",
    "state_holidays_this_week",
    "state_holidays_last_week",
    "state_holidays_next_week",
  ],
  compute({ panel, days }, store, t, out, at) {
    const { stateHoliday, calendarDays } = panel;
    const row = store * calendarDays;
    const monday = t - days.weekday[t] + 1;
    out[at] = stateHoliday[row + t];
    out[at + 1] = daysSince(stateHoliday, row, t);
    out[at + 2] = daysUntil(stateHoliday, row, t, calendarDays);
    out[at + 3] = countFlags(stateHoliday, row, monday, monday + 6, calendarDays);
    out[at + 4] = countFlags(stateHoliday, row, monday - 7, monday - 1, calendarDays);
    out[at + 5] = countFlags(stateHoliday, row, monday + 7, monday + 13, calendarDays);
  },
};
