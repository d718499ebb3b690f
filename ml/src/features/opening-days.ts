import { countFlags, daysSince } from "./distance.ts";
import type { DayFeature } from "./feature.ts";

/** Opening around the target day. */
export const openingDays: DayFeature = {
  scope: "day",
  names: ["closed_yesterday", "closed_tomorrow", "open_last7", "open_next7", "days_since_open"],
  compute({ panel }, store, t, out, at) {
    const { open, calendarDays } = panel;
    const row = store * calendarDays;
    out[at] = t >= 1 ? 1 - open[row + t - 1] : NaN;
    out[at + 1] = t + 1 < calendarDays ? 1 - open[row + t + 1] : NaN;
    out[at + 2] = countFlags(open, row, t - 7, t - 1, calendarDays);
    out[at + 3] = countFlags(open, row, t + 1, t + 7, calendarDays);
    out[at + 4] = daysSince(open, row, t);
  },
};
