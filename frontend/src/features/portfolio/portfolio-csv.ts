import type { PortfolioPoint } from "../../lib/api-types.ts";
import { type CsvColumn, toCsv } from "../../lib/csv.ts";

const COLUMNS: CsvColumn<PortfolioPoint>[] = [
  { header: "date", value: (point) => point.date },
  { header: "predicted_sales", value: (point) => point.predicted_sales },
  { header: "predicted_lower", value: (point) => point.predicted_lower },
  { header: "predicted_upper", value: (point) => point.predicted_upper },
  { header: "predicted_lower_95", value: (point) => point.predicted_lower_95 },
  { header: "predicted_upper_95", value: (point) => point.predicted_upper_95 },
  { header: "open_stores", value: (point) => point.open },
  { header: "promo_stores", value: (point) => point.promo },
  { header: "basis", value: (point) => point.basis },
];

/** The portfolio's days as a file; the first four columns are what readers of earlier files know. */
export function portfolioCsv(
  points: readonly PortfolioPoint[],
  stores: number,
): { name: string; content: string } {
  return {
    name: `portfolio_forecast_${stores}stores_${points.length}d.csv`,
    content: toCsv(COLUMNS, points),
  };
}
