import { GROUPS, groupOf } from "../baselines/store-weekday-promo-median.ts";
import type { StoreFeature } from "./feature.ts";

/** Promotion uplift, Saturday's and Monday's place in the store's week, from the yearly medians (differences of logs). */
export const responseRatios: StoreFeature = {
  scope: "store",
  names: ["promo_uplift", "saturday_share", "monday_share"],
  compute(view, store, out, at) {
    // Day index of some Monday: groups count places in the week from the panel's first day.
    let monday = 0;
    while (view.days.weekday[monday] !== 1) monday++;
    const value = (weekday: number, promo: number) =>
      view.base364.values[store * GROUPS + groupOf(monday + weekday - 1, promo)];
    let uplift = 0;
    let plain = 0;
    for (let weekday = 1; weekday <= 5; weekday++) {
      uplift += value(weekday, 1) - value(weekday, 0);
      plain += value(weekday, 0);
    }
    out[at] = uplift / 5;
    out[at + 1] = value(6, 0) - plain / 5;
    out[at + 2] = value(1, 0) - plain / 5;
  },
};
