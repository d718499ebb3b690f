import type { DayFeature } from "./feature.ts";
import { residualOn } from "./origin-view.ts";

const WEEKS = 8;

/** Mean residual on the target's weekday over the last eight weeks, and residual and age of the last day like it. */
export const sameWeekdayLevel: DayFeature = {
  scope: "day",
  names: ["weekday_level56", "last_same", "last_same_age"],
  compute(view, store, t, out, at) {
    const { calendarDays, promo } = view.panel;
    const cells = store * calendarDays;
    let day = t - 7;
    while (day >= view.end) day -= 7;
    let sum = 0;
    let count = 0;
    for (let k = 0; k < WEEKS; k++) {
      const value = residualOn(view, store, day - 7 * k);
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    out[at] = sum / (count + 1);
    out[at + 1] = NaN;
    out[at + 2] = NaN;
    for (let past = day; past >= view.from; past -= 7) {
      if (promo[cells + past] !== promo[cells + t]) continue;
      const value = residualOn(view, store, past);
      if (Number.isNaN(value)) continue;
      out[at + 1] = value;
      out[at + 2] = view.end - past;
      break;
    }
  },
};
