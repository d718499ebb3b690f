import { GROUPS, groupOf } from "../baselines/store-weekday-promo-median.ts";
import type { DayFeature } from "./feature.ts";

/** Median of log sales of the store on days like the target day (weekday and promotion), over four windows. */
export const groupMediansFeature: DayFeature = {
  scope: "day",
  names: ["base364", "base182", "base91", "base42"],
  compute(view, store, t, out, at) {
    const group = store * GROUPS + groupOf(t, view.panel.promo[store * view.panel.calendarDays + t]);
    const base = view.base364.values[group];
    out[at] = base;
    // Shorter windows as differences: what they add is the recent change.
    out[at + 1] = view.base182.values[group] - base;
    out[at + 2] = view.base91.values[group] - base;
    out[at + 3] = view.base42.values[group] - base;
  },
};
