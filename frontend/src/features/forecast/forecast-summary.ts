import type { ForecastPoint } from "../../lib/api-types.ts";

export interface ForecastSummary {
  total: number;
  /** Mean over all days, closed ones included; null without days. */
  average: number | null;
  openDays: number;
  peak: { date: string; sales: number } | null;
  /** Mean width of the 80 % interval over the days that have one; null without such a day. */
  meanWidth: number | null;
}

/** The figures of the cards. A forecast without days has a total of 0 and nothing else. */
export function summarise(points: readonly ForecastPoint[]): ForecastSummary {
  const total = points.reduce((sum, point) => sum + point.predicted_sales, 0);
  const peak = points.reduce<ForecastSummary["peak"]>(
    (best, point) =>
      best === null || point.predicted_sales > best.sales
        ? { date: point.date, sales: point.predicted_sales }
        : best,
    null,
  );
  const widths = points
    .map((point) => (point.predicted_upper ?? 0) - (point.predicted_lower ?? 0))
    .filter((width) => width > 0);
  return {
    total,
    average: points.length === 0 ? null : total / points.length,
    openDays: points.filter((point) => point.open === 1).length,
    peak,
    meanWidth: widths.length === 0 ? null : widths.reduce((sum, width) => sum + width, 0) / widths.length,
  };
}
