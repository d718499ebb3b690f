import { dayNumber } from "@rossmann/core";
import type { DayFeature } from "./feature.ts";

const DAYS_PER_MONTH = 30.4375;
const FAR_MONTHS = 60;

/** Months since the nearest competitor opened (at most 60, negative before), and whether it is open. */
export const competition: DayFeature = {
  scope: "day",
  names: ["competition_months", "competition_open"],
  compute({ panel }, store, t, out, at) {
    const { stores } = panel;
    const year = stores.competitionOpenSinceYear[store];
    const opened = Number.isNaN(year)
      ? null
      : dayNumber(year, stores.competitionOpenSinceMonth[store] || 1, 1);
    const months = opened === null ? NaN : Math.floor((panel.firstDay + t - opened) / DAYS_PER_MONTH);
    out[at] = Math.max(-FAR_MONTHS, Math.min(FAR_MONTHS, months));
    out[at + 1] = Number.isNaN(months) ? NaN : months >= 0 ? 1 : 0;
  },
};
