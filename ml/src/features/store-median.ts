import { medianInPlace } from "../median.ts";
import type { StoreFeature } from "./feature.ts";

const WINDOWS_DAYS = [28, 91, 364];
const buffer = new Float64Array(364);

/** Median log sales of the store over 28, 91 and 364 days; NaN without sales. */
export const storeMedian: StoreFeature = {
  scope: "store",
  names: WINDOWS_DAYS.map((days) => `store_median${days}`),
  compute({ panel, end }, store, out, at) {
    WINDOWS_DAYS.forEach((days, k) => {
      let count = 0;
      for (let t = Math.max(0, end - days); t < end; t++) {
        const value = panel.logSales[store * end + t];
        if (!Number.isNaN(value)) buffer[count++] = value;
      }
      out[at + k] = medianInPlace(buffer, count);
    });
  },
};
