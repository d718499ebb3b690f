import { countFlags, daysSince, daysUntil } from "./distance.ts";
import type { DayFeature } from "./feature.ts";

const LONGEST_HOLIDAY_DAYS = 49;
/** Weekends and single missing flags do not end a holiday. */
const GAP_DAYS = 3;

/** School holidays on and around the target day: flag, place in the holiday, distance to the last and the next. */
export const schoolHolidayFeature: DayFeature = {
  scope: "day",
  names: [
    "school_holiday",
    "days_since_school_start",
    "days_until_school_end",
    "days_since_school",
    "days_until_school",
    "school_share15",
  ],
  compute({ panel }, store, t, out, at) {
    const { schoolHoliday, calendarDays } = panel;
    const row = store * calendarDays;
    const isHoliday = schoolHoliday[row + t] === 1;
    out[at] = schoolHoliday[row + t];
    out[at + 1] = isHoliday ? lengthOfRun(schoolHoliday, row, t, -1, calendarDays) : -1;
    out[at + 2] = isHoliday ? lengthOfRun(schoolHoliday, row, t, 1, calendarDays) : -1;
    out[at + 3] = daysSince(schoolHoliday, row, t);
    out[at + 4] = daysUntil(schoolHoliday, row, t, calendarDays);
    out[at + 5] = countFlags(schoolHoliday, row, t - 7, t + 7, calendarDays) / 15;
  },
};

/** Days from `t` to the last flag of its run in one direction, gaps of up to three days bridged. */
function lengthOfRun(flags: Uint8Array, row: number, t: number, step: 1 | -1, length: number): number {
  let reached = 0;
  for (let d = 1; d <= LONGEST_HOLIDAY_DAYS && d - reached <= GAP_DAYS; d++) {
    const day = t + step * d;
    if (day < 0 || day >= length) break;
    if (flags[row + day] === 1) reached = d;
  }
  return reached;
}
