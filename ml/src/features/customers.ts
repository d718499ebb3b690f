import { medianInPlace } from "../median.ts";
import type { DayFeature, StoreFeature } from "./feature.ts";
import type { OriginView } from "./origin-view.ts";

const WINDOW_DAYS = 182;
const RECENT_DAYS = 28;
const buffer = new Float64Array(WINDOW_DAYS);

/** Median of log customers on days of the target's weekday and promotion, over half a year. NaN when unknown. */
export const customersMedian: DayFeature = {
  scope: "day",
  names: ["customers_median182"],
  compute(view, store, t, out, at) {
    const hasPromo = view.panel.promo[store * view.panel.calendarDays + t];
    out[at] = mediansOf(view)[(store * 7 + (t % 7)) * 2 + hasPromo];
  },
};

/** Log sales per customer over half a year, and its change in the last 28 days. NaN when customers are unknown. */
export const salesPerCustomer: StoreFeature = {
  scope: "store",
  names: ["sales_per_customer", "sales_per_customer_change28"],
  compute(view, store, out, at) {
    const { panel, end } = view;
    let sum = 0;
    let count = 0;
    let recent = 0;
    let recentCount = 0;
    for (let t = Math.max(0, end - WINDOW_DAYS); t < end; t++) {
      const customers = panel.customers[store * end + t];
      const value = panel.logSales[store * end + t] - Math.log(customers);
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
      if (t < end - RECENT_DAYS) continue;
      recent += value;
      recentCount++;
    }
    out[at] = count === 0 ? NaN : sum / count;
    out[at + 1] = recentCount === 0 ? NaN : recent / recentCount - sum / count;
  },
};

const known = new WeakMap<object, Float64Array>();

function mediansOf(view: OriginView): Float64Array {
  const ready = known.get(view.history);
  if (ready !== undefined) return ready;
  const { panel, end } = view;
  const n = panel.storeIds.length;
  const medians = new Float64Array(n * 14);
  const from = Math.max(0, end - WINDOW_DAYS);
  for (let s = 0; s < n; s++) {
    for (let place = 0; place < 7; place++) {
      for (let promo = 0; promo < 2; promo++) {
        let count = 0;
        for (let t = from; t < end; t++) {
          if (t % 7 !== place || panel.promo[s * panel.calendarDays + t] !== promo) continue;
          const customers = panel.customers[s * end + t];
          if (customers > 0 && !Number.isNaN(panel.logSales[s * end + t]))
            buffer[count++] = Math.log(customers);
        }
        medians[(s * 7 + place) * 2 + promo] = medianInPlace(buffer, count);
      }
    }
  }
  known.set(view.history, medians);
  return medians;
}
