import type { Drivers, ForecastPoint } from "../../lib/api-types.ts";
import { type CsvColumn, toCsv } from "../../lib/csv.ts";
import type { Correction } from "./corrections.ts";

const DRIVERS: (keyof Drivers)[] = [
  "level",
  "weekday",
  "promotion",
  "season",
  "holidays",
  "trend",
  "competition",
];

const COLUMNS: CsvColumn<ForecastPoint & { corrected: number | null }>[] = [
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
  { header: "override_sales", value: (point) => point.corrected },
  ...DRIVERS.map((name) => ({
    header: `driver_${name}`,
    value: (point: ForecastPoint) => point.drivers?.[name],
  })),
];

/** A forecast as a file; the first four columns are what readers of earlier files know. */
export function forecastCsv(
  points: readonly ForecastPoint[],
  store: number,
  corrections: ReadonlyMap<string, Correction> = new Map(),
): { name: string; content: string } {
  return {
    name: `forecast_store_${store}_${points.length}d.csv`,
    content: toCsv(
      COLUMNS,
      points.map((point) => ({ ...point, corrected: corrections.get(point.date)?.sales ?? null })),
    ),
  };
}
