import { dayNumber, weekday } from "@rossmann/core";
import type { DayFeature } from "./feature.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS_PER_MONTH = 30.4375;

/** The recurring programme "promo2": is it running, months since its round began (0–2), months since the store joined. */
export const promo2: DayFeature = {
  scope: "day",
  names: ["promo2_running", "promo2_month_of_round", "promo2_months"],
  compute({ panel, days }, store, t, out, at) {
    const { stores } = panel;
    out[at] = 0;
    out[at + 1] = -1;
    out[at + 2] = -1;
    if (stores.promo2[store] !== 1) return;
    const start = startDay(stores.promo2SinceYear[store], stores.promo2SinceWeek[store]);
    const since = panel.firstDay + t - start;
    // An unknown start counts as long ago.
    if (since < 0) return;
    out[at] = 1;
    out[at + 1] = monthOfRound(stores.promoInterval[store], days.month[t]);
    out[at + 2] = Number.isNaN(since) ? NaN : Math.floor(since / DAYS_PER_MONTH);
  },
};

/** Monday of an ISO week; NaN when unknown. */
function startDay(year: number, week: number): number {
  if (Number.isNaN(year) || Number.isNaN(week)) return NaN;
  const fourth = dayNumber(year, 1, 4)!;
  return fourth - weekday(fourth) + 1 + (week - 1) * 7;
}

/** Months since the last month of the list, 0 in such a month; −1 without a list. */
export function monthOfRound(interval: string | null, month: number): number {
  const starts = (interval ?? "")
    .split(",")
    .map((name) => MONTHS.indexOf(name.trim().slice(0, 3).toLowerCase()) + 1)
    .filter((start) => start > 0);
  if (starts.length === 0) return -1;
  return Math.min(...starts.map((start) => (month - start + 12) % 12));
}
