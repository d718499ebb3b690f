import { selectInPlace } from "../median.ts";
import type { StoreFeature } from "./feature.ts";

const WINDOW_DAYS = 364;
const FEWEST_DAYS = 14;
const buffer = new Float64Array(WINDOW_DAYS);

/** Standard deviation, 10 % quantile and skewness of the store's residuals over a year; NaN below 14 days. */
export const residualShape: StoreFeature = {
  scope: "store",
  names: ["residual_sd364", "residual_p10", "residual_skewness"],
  compute(view, store, out, at) {
    out.fill(NaN, at, at + 3);
    let count = 0;
    let mean = 0;
    for (let k = Math.max(0, view.window - WINDOW_DAYS); k < view.window; k++) {
      const value = view.residual[store * view.window + k];
      if (Number.isNaN(value)) continue;
      buffer[count++] = value;
      mean += value;
    }
    if (count < FEWEST_DAYS) return;
    mean /= count;
    let second = 0;
    let third = 0;
    for (let i = 0; i < count; i++) {
      const difference = buffer[i] - mean;
      second += difference * difference;
      third += difference ** 3;
    }
    const sd = Math.sqrt(second / count);
    out[at] = sd;
    out[at + 1] = selectInPlace(buffer, count, Math.floor(count / 10));
    out[at + 2] = sd === 0 ? 0 : third / count / sd ** 3;
  },
};
