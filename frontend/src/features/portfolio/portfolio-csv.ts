import type { Batch, PortfolioPoint } from "../../lib/api-types.ts";
import { type CsvColumn, toCsv } from "../../lib/csv.ts";

const COLUMNS: CsvColumn<PortfolioPoint>[] = [
  { header: "date", value: (point) => point.date },
  { header: "predicted_sales", value: (point) => point.predicted_sales },
  { header: "predicted_lower", value: (point) => point.predicted_lower },
  { header: "predicted_upper", value: (point) => point.predicted_upper },
  { header: "open_stores", value: (point) => point.open_stores },
  { header: "promo_stores", value: (point) => point.promo_stores },
  { header: "basis", value: (point) => point.basis },
];

/** The portfolio's days as a file; the first four columns are what readers of earlier files know. */
export function portfolioCsv({
  portfolio_series: points,
  portfolio_summary: sum,
}: Pick<Batch, "portfolio_series" | "portfolio_summary">): { name: string; content: string } {
  return {
    name: `portfolio_forecast_${sum.stores_count}stores_${points.length}d.csv`,
    content: toCsv(COLUMNS, points),
  };
}
