import type { ForecastStamp, Portfolio, StoreTotal } from "@rossmann/ml";
import type { Batch, PortfolioPoint, StoreSummary } from "../schemas/batch.ts";
import { failureAnswer, stampAnswer } from "./stamp-answer.ts";

/** @param asked the stores of the request, without duplicates */
export function batchAnswer(runId: string, portfolio: ForecastStamp & Portfolio, asked: number[]): Batch {
  const { horizon, points } = portfolio;
  const peak = points.reduce((best, point) => (point.predictedSales > best.predictedSales ? point : best));
  return {
    ...stampAnswer(runId, portfolio),
    request: {
      store_ids: asked,
      horizon_days: horizon,
      confidence_level: portfolio.level,
      data_source_id: portfolio.dataSourceId,
    },
    store_summaries: portfolio.stores.map((store) => storeSummary(store, horizon)),
    failures: portfolio.failures.map(failureAnswer),
    portfolio_summary: {
      stores_count: portfolio.stores.length,
      horizon_days: horizon,
      total_predicted_sales: portfolio.total,
      avg_daily_sales: portfolio.total / horizon,
      peak_date: peak.predictedSales > 0 ? peak.date : null,
      peak_sales: peak.predictedSales,
      avg_interval_width: points.reduce((sum, point) => sum + point.upper - point.lower, 0) / horizon,
      total_lower: portfolio.lower,
      total_upper: portfolio.upper,
    },
    portfolio_series: points.map(
      (point): PortfolioPoint => ({
        date: point.date,
        predicted_sales: point.predictedSales,
        predicted_lower: point.lower,
        predicted_upper: point.upper,
        open_stores: point.openStores,
        promo_stores: point.promoStores,
        basis: point.known ? "known" : "projected",
      }),
    ),
    weeks: portfolio.weeks.map((week) => ({
      date_from: week.dateFrom,
      date_to: week.dateTo,
      predicted_sales: week.total,
      predicted_lower: week.lower,
      predicted_upper: week.upper,
    })),
    by_store_type: portfolio.byType.map((type) => ({
      store_type: type.storeType,
      stores_count: type.stores,
      total_predicted_sales: type.total,
      total_lower: type.lower,
      total_upper: type.upper,
    })),
  };
}

function storeSummary(store: StoreTotal, horizon: number): StoreSummary {
  return {
    store_id: store.storeId,
    store_type: store.storeType,
    total_predicted_sales: store.total,
    avg_daily_sales: store.total / horizon,
    peak_date: store.peakDate,
    peak_sales: store.peakSales,
    avg_interval_width: store.avgIntervalWidth,
    total_lower: store.lower,
    total_upper: store.upper,
    weekly_sales: store.weeklySales,
  };
}
