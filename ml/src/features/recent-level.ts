import type { StoreFeature } from "./feature.ts";
import { meanResidual } from "./origin-view.ts";

const WINDOWS_DAYS = [7, 14, 28, 56, 91, 182];
/** Windows shorter than this are pulled to 0 by one day of 0. */
const SAFE_WINDOW_DAYS = 28;

/** Mean residual of the store's last 7 … 182 days: how far it sells above or below its year. */
export const recentLevel: StoreFeature = {
  scope: "store",
  names: WINDOWS_DAYS.map((days) => `level${days}`),
  compute(view, store, out, at) {
    WINDOWS_DAYS.forEach((days, k) => {
      const pseudoDays = days < SAFE_WINDOW_DAYS ? 1 : 0;
      out[at + k] = meanResidual(view, store, view.end - days, view.end - 1, pseudoDays);
    });
  },
};
