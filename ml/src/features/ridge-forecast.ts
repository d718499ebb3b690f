import { GROUPS, groupOf } from "../baselines/store-weekday-promo-median.ts";
import { LOOKAHEAD_DAYS } from "../panel.ts";
import { fitRidge, type RidgeModel } from "../ridge/hierarchical-ridge.ts";
import type { DayFeature } from "./feature.ts";
import type { OriginView } from "./origin-view.ts";

export const RIDGE_FORECAST = "ridge_forecast";

/**
 * What the hierarchical ridge, fitted at the origin, says of the target day, as a difference from base364: trees know
 * nothing of trends and little of single stores' holidays and month ends, and need not learn them again.
 */
export const ridgeForecast: DayFeature = {
  scope: "day",
  names: [RIDGE_FORECAST],
  compute(view, store, t, out, at) {
    const horizon = horizonOf(view);
    const group = groupOf(t, view.panel.promo[store * view.panel.calendarDays + t]);
    const own = view.base364.values[store * GROUPS + group];
    const base = Number.isNaN(own) ? view.base364.chain[group] : own;
    const forecast = forecastsOf(view)[store * horizon + t - view.end];
    // A day that was sold on although its projected calendar says closed has no forecast.
    out[at] = forecast > 0 ? Math.log(forecast) - base : NaN;
  },
};

const horizonOf = (view: OriginView) => view.panel.calendarDays - LOOKAHEAD_DAYS - view.end;

const ridges = new WeakMap<object, RidgeModel>();

function ridgeOf(view: OriginView): RidgeModel {
  let ridge = ridges.get(view.history);
  if (ridge === undefined) {
    ridge = fitRidge(view.panel);
    ridges.set(view.history, ridge);
  }
  return ridge;
}

/** What the log of the ridge's forecast of an open day is made of, in the order of `DRIVERS`. */
export const ridgeDriversOf = (view: OriginView, store: number, t: number): Float64Array =>
  ridgeOf(view).explainDay(view.panel, store, t);

/** n x horizon; rows of stores that are not asked for stay 0 */
const known = new WeakMap<OriginView, Float64Array>();

function forecastsOf(view: OriginView): Float64Array {
  let forecasts = known.get(view);
  if (forecasts === undefined) {
    const horizon = horizonOf(view);
    forecasts = new Float64Array(view.panel.storeIds.length * horizon);
    const asked = ridgeOf(view).forecast(view.panel, view.asked, horizon);
    for (let i = 0; i < view.asked.length; i++) {
      forecasts.set(asked.subarray(i * horizon, (i + 1) * horizon), view.asked[i] * horizon);
    }
    known.set(view, forecasts);
  }
  return forecasts;
}
