import { Basis } from "../panel.ts";
import type { StoreFeature } from "./feature.ts";

const WINDOW_DAYS = 364;

/** Days since the store's first row, and the share of days without a row in its last year. */
export const historyLength: StoreFeature = {
  scope: "store",
  names: ["history_days", "missing_share364"],
  compute({ panel, end }, store, out, at) {
    const row = store * panel.calendarDays;
    let first = 0;
    while (first < end && panel.basis[row + first] !== Basis.observed) first++;
    const from = Math.max(first, end - WINDOW_DAYS);
    let missing = 0;
    for (let t = from; t < end; t++) if (panel.basis[row + t] !== Basis.observed) missing++;
    out[at] = end - first;
    out[at + 1] = end === from ? NaN : missing / (end - from);
  },
};
