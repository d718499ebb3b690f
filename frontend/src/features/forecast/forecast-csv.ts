import type { ForecastPoint } from "../../lib/api-types.ts";
import { type CsvColumn, toCsv } from "../../lib/csv.ts";

const COLUMNS: CsvColumn<ForecastPoint>[] = [
  { header: "date", value: (point) => point.date },
  { header: "predicted_sales", value: (point) => point.predicted_sales },
  { header: "predicted_lower", value: (point) => point.predicted_lower },
  { header: "predicted_upper", value: (point) => point.predicted_upper },
  { header: "predicted_lower_95", value: (point) => point.predicted_lower_95 },
  { header: "predicted_upper_95", value: (point) => point.predicted_upper_95 },
  { header: "open", value: (point) => point.open },
  { header: "promo", value: (point) => point.promo },
  { header: "state_holiday", value: (point) => point.state_holiday },
  { header: "school_holiday", value: (point) => point.school_holiday },
  { header: "basis", value: (point) => point.basis },
];

/** A forecast as a file; the first four columns are what readers of earlier files know. */
export function forecastCsv(
  points: readonly ForecastPoint[],
  store: number,
): { name: string; content: string } {
  return { name: `forecast_store_${store}_${points.length}d.csv`, content: toCsv(COLUMNS, points) };
}
