/**
 * Seasonal naive: the coming Tuesday sells what the last open Tuesday sold. The yardstick that every other model has to
 * beat; it knows nothing of promotions or holidays.
 */
import type { FittedModel, ForecastModel, JsonValue } from "../model.ts";
import type { Panel } from "../panel.ts";

const SEASON_DAYS = 7;

export const seasonalNaive: ForecastModel = {
  name: "seasonal_naive",
  fit: async () => fitted,
  restore: (_parameters: JsonValue) => fitted,
};

const fitted: FittedModel = {
  name: "seasonal_naive",
  forecast: naiveForecast,
  parameters: () => ({}),
};

/** The rule needs no fit. See `FittedModel.forecast`. */
export function naiveForecast(panel: Panel, storeIndexes: Int32Array, horizon: number): Float64Array {
  const { historyDays, calendarDays, sales, logSales, open } = panel;
  const out = new Float64Array(storeIndexes.length * horizon);
  const last = new Float64Array(SEASON_DAYS);
  let chain = NaN;
  for (let i = 0; i < storeIndexes.length; i++) {
    const s = storeIndexes[i];
    last.fill(NaN);
    let total = 0;
    let days = 0;
    for (let t = 0; t < historyDays; t++) {
      const cell = s * historyDays + t;
      if (Number.isNaN(logSales[cell])) continue;
      last[t % SEASON_DAYS] = sales[cell];
      total += sales[cell];
      days++;
    }
    let fallback = total / days;
    if (days === 0) {
      if (Number.isNaN(chain)) chain = meanOpenDay(panel);
      fallback = chain;
    }
    for (let h = 1; h <= horizon; h++) {
      const t = historyDays - 1 + h;
      if (open[s * calendarDays + t] !== 1) continue;
      const value = last[t % SEASON_DAYS];
      out[i * horizon + h - 1] = Number.isNaN(value) ? fallback : value;
    }
  }
  return out;
}

/** Mean sales of an open day over all stores; 0 when nothing was ever sold. */
function meanOpenDay(panel: Panel): number {
  let total = 0;
  let days = 0;
  for (let cell = 0; cell < panel.sales.length; cell++) {
    if (Number.isNaN(panel.logSales[cell])) continue;
    total += panel.sales[cell];
    days++;
  }
  return days === 0 ? 0 : total / days;
}
