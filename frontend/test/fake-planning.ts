import type { BatchForecast, PortfolioPoint } from "../src/lib/api-types.ts";
import type { FakeChain } from "./fake-chain.ts";

/** Forecasts of several stores of the made-up chain: sums of its single forecasts, with intervals of the sum. */
export function fakeBatch(chain: FakeChain, storeIds: readonly number[], horizon: number): BatchForecast {
  const forecasts = storeIds.map((id) => ({ id, points: chain.forecast(id, horizon) }));
  const series = Array.from({ length: horizon }, (_, i): PortfolioPoint => {
    const days = forecasts.map(({ points }) => points[i]!);
    const sum = (pick: (day: (typeof days)[number]) => number) =>
      days.reduce((total, day) => total + pick(day), 0);
    const total = sum((day) => day.predicted_sales);
    // Errors of stores even out in part: the more stores, the narrower the interval of their sum.
    const half = total * 0.14 * (0.3 + 0.7 / Math.sqrt(storeIds.length));
    return {
      date: days[0]!.date,
      predicted_sales: total,
      predicted_lower: total - half,
      predicted_upper: total + half,
      predicted_lower_95: total - 1.6 * half,
      predicted_upper_95: total + 1.7 * half,
      open: sum((day) => day.open),
      promo: sum((day) => day.promo),
      basis: days.every((day) => day.basis === "known") ? "known" : "projected",
    };
  });
  return {
    request: { store_ids: [...storeIds], horizon_days: horizon, data_source_id: 1 },
    store_summaries: forecasts.map(({ id, points }) => ({ store_id: id, ...figures(points) })),
    portfolio_summary: { stores_count: storeIds.length, horizon_days: horizon, ...figures(series) },
    portfolio_series: series,
  };
}

function figures(
  points: readonly Pick<PortfolioPoint, "date" | "predicted_sales" | "predicted_lower" | "predicted_upper">[],
) {
  const total = points.reduce((sum, point) => sum + point.predicted_sales, 0);
  const peak = points.reduce((best, point) => (point.predicted_sales > best.predicted_sales ? point : best));
  const widths = points.map((point) => (point.predicted_upper ?? 0) - (point.predicted_lower ?? 0));
  return {
    total_predicted_sales: total,
    avg_daily_sales: total / points.length,
    peak_date: peak.date,
    peak_sales: peak.predicted_sales,
    avg_interval_width: widths.reduce((sum, width) => sum + width, 0) / points.length,
  };
}
