import type { Batch, PortfolioPoint } from "@rossmann/backend";
import { addDays, weekdayOf } from "../src/lib/days.ts";
import type { FakeChain } from "./fake-chain.ts";

/** Normal quantiles of the levels that the pages offer, as multiples of the 80 % one. */
const WIDTH: Record<string, number> = { "0.8": 1, "0.9": 1.28, "0.95": 1.53 };

export const widthOf = (level: number): number => WIDTH[String(level)] ?? 1;

export const stamp = (chain: FakeChain, prefix: string) => ({
  run_id: `${prefix}_20150801T060000Z_1a2b3c4d`,
  origin: chain.to,
  model_version: 3,
  model_type: "ridge",
});

export interface BatchAsk {
  store_ids: readonly number[];
  horizon_days: number;
  confidence_level?: number;
  /** Stores of which the made-up chain says that they cannot be forecast. */
  failing?: readonly number[];
}

/** Forecasts of several stores of the made-up chain: sums of its single forecasts, with intervals of the sum. */
export function fakeBatch(
  chain: FakeChain,
  { store_ids, horizon_days, confidence_level = 0.8, failing = [] }: BatchAsk,
): Batch {
  const known = store_ids.filter((id) => !failing.includes(id));
  const forecasts = known.map((id) => ({ id, points: chain.forecast(id, horizon_days) }));
  const spread = 0.14 * widthOf(confidence_level);
  // Errors of stores even out in part, and so do errors of days: the more, the narrower the interval of their sum.
  const limits = (total: number, days: number, stores: number) => {
    const half =
      total * spread * (0.3 + 0.7 / Math.sqrt(Math.max(1, stores))) * (0.5 + 0.5 / Math.sqrt(days));
    return { lower: total - half, upper: total + half };
  };
  const series = Array.from({ length: horizon_days }, (_, i): PortfolioPoint => {
    const days = forecasts.map(({ points }) => points[i]!);
    const sum = (pick: (day: (typeof days)[number]) => number) =>
      days.reduce((total, day) => total + pick(day), 0);
    const total = sum((day) => day.predicted_sales);
    const { lower, upper } = limits(total, 1, known.length);
    return {
      date: addDays(chain.to, i + 1),
      predicted_sales: total,
      predicted_lower: lower,
      predicted_upper: upper,
      open_stores: sum((day) => day.open),
      promo_stores: sum((day) => day.promo),
      basis: days.every((day) => day.basis === "known") ? "known" : "projected",
    };
  });
  const weeks = series
    .reduce<PortfolioPoint[][]>((found, point) => {
      if (found.length === 0 || weekdayOf(point.date) === 1) found.push([]);
      found.at(-1)?.push(point);
      return found;
    }, [])
    .map((days) => {
      const total = days.reduce((sum, day) => sum + day.predicted_sales, 0);
      const { lower, upper } = limits(total, days.length, known.length);
      return {
        date_from: days[0]!.date,
        date_to: days.at(-1)!.date,
        predicted_sales: total,
        predicted_lower: lower,
        predicted_upper: upper,
      };
    });
  const figures = (points: readonly Pick<PortfolioPoint, "date" | "predicted_sales">[], stores: number) => {
    const total = points.reduce((sum, point) => sum + point.predicted_sales, 0);
    const peak = points.reduce((best, point) =>
      point.predicted_sales > best.predicted_sales ? point : best,
    );
    const { lower, upper } = limits(total, points.length, stores);
    return {
      total_predicted_sales: total,
      avg_daily_sales: total / points.length,
      peak_date: peak.date,
      peak_sales: peak.predicted_sales,
      avg_interval_width: (2 * total * spread) / points.length,
      total_lower: lower,
      total_upper: upper,
    };
  };
  const typeOf = (id: number) => chain.stores[id - 1]?.store_type ?? null;
  const summaries = forecasts.map(({ id, points }) => ({
    store_id: id,
    store_type: typeOf(id),
    ...figures(points, 1),
    weekly_sales: weeks.map((week) =>
      points
        .filter((point) => point.date >= week.date_from && point.date <= week.date_to)
        .reduce((sum, point) => sum + point.predicted_sales, 0),
    ),
  }));
  return {
    ...stamp(chain, "forecast_batch"),
    request: { store_ids: [...store_ids], horizon_days, confidence_level, data_source_id: 1 },
    store_summaries: summaries,
    failures: store_ids
      .filter((id) => failing.includes(id))
      .map((id) => ({
        store_id: id,
        code: "store_closed",
        detail: `store ${id} has not been open since 2014-06-30; there is nothing to forecast`,
      })),
    portfolio_summary: { stores_count: known.length, horizon_days, ...figures(series, known.length) },
    portfolio_series: series,
    weeks,
    by_store_type: [...new Set(summaries.map((store) => store.store_type))]
      .map((store_type) => {
        const of = summaries.filter((store) => store.store_type === store_type);
        const total = of.reduce((sum, store) => sum + store.total_predicted_sales, 0);
        const { lower, upper } = limits(total, horizon_days, of.length);
        return {
          store_type,
          stores_count: of.length,
          total_predicted_sales: total,
          total_lower: lower,
          total_upper: upper,
        };
      })
      .toSorted((a, b) => b.total_predicted_sales - a.total_predicted_sales),
  };
}
