import type { StoreFeature } from "./feature.ts";
import { meanResidual } from "./origin-view.ts";

const YEAR_DAYS = 364;
const WINDOWS_DAYS = [28, 91];

/** Mean residual of the last 28 and 91 days minus that of the same days a year earlier; NaN without that year. */
export const yearOverYear: StoreFeature = {
  scope: "store",
  names: WINDOWS_DAYS.map((days) => `year_over_year${days}`),
  compute(view, store, out, at) {
    WINDOWS_DAYS.forEach((days, k) => {
      const first = view.end - days;
      const now = meanResidual(view, store, first, view.end - 1);
      const then = meanResidual(view, store, first - YEAR_DAYS, view.end - 1 - YEAR_DAYS);
      out[at + k] = now - then;
    });
  },
};
