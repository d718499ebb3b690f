import { countFlags, daysSince, daysUntil } from "./distance.ts";
import type { DayFeature } from "./feature.ts";

/** Promotion of the target day and its place in the rhythm of promotions. */
export const promoRhythm: DayFeature = {
  scope: "day",
  names: [
    "promo",
    "promo_day_index",
    "days_since_promo",
    "days_until_promo",
    "promo_last7",
    "promo_next7",
    "promo_next14",
    "promo_previous_week",
  ],
  compute({ panel, days }, store, t, out, at) {
    const { promo, calendarDays } = panel;
    const row = store * calendarDays;
    let index = 0;
    while (t - index >= 0 && promo[row + t - index] === 1) index++;
    const monday = t - days.weekday[t] + 1;
    out[at] = promo[row + t];
    out[at + 1] = index;
    out[at + 2] = daysSince(promo, row, t);
    out[at + 3] = daysUntil(promo, row, t, calendarDays);
    out[at + 4] = countFlags(promo, row, t - 7, t - 1, calendarDays);
    out[at + 5] = countFlags(promo, row, t + 1, t + 7, calendarDays);
    out[at + 6] = countFlags(promo, row, t + 1, t + 14, calendarDays);
    out[at + 7] = countFlags(promo, row, monday - 7, monday - 1, calendarDays);
  },
};
