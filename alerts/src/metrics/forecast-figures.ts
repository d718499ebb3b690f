import {
  type Db,
  forecastFiguresByHorizon,
  type HorizonFigures,
  type StoredGauge,
  saveGauges,
  sourceAges,
} from "@rossmann/warehouse";

/** Gauges that {@link refreshForecastGauges} computes. */
export const FORECAST_GAUGES = [
  {
    name: "forecast_error_wape_ratio",
    help: "Error of the forecasts of the last 28 days with actuals, by days ahead (WAPE: 0.12 is 12 %)",
    labels: ["data_source", "horizon"],
  },
  {
    name: "forecast_bias_ratio",
    help: "Sum of forecast minus actual over sum of actual, same days; positive is over-forecast",
    labels: ["data_source", "horizon"],
  },
  {
    name: "forecast_interval_coverage_ratio",
    help: "Share of actuals inside the interval that was given with the forecast, same days",
    labels: ["data_source", "horizon"],
  },
  {
    name: "data_newest_sales_day_age_days",
    help: "Days from the newest sales day to today",
    labels: ["data_source"],
  },
  {
    name: "data_last_load_age_hours",
    help: "Hours since the last load became visible, when the figures were computed",
    labels: ["data_source"],
  },
  {
    name: "model_age_days",
    help: "Days since the model that serves was trained",
    labels: ["data_source"],
  },
] as const;

type GaugeName = (typeof FORECAST_GAUGES)[number]["name"];

const WINDOW_DAYS = 28;
const HORIZONS = [
  [1, 7],
  [8, 14],
  [15, 28],
  [29, 42],
  [43, 90],
  [91, 180],
] as const;

/** Hold forecasts against what was sold, and store the figures for every scrape until they are computed anew. */
export async function refreshForecastGauges(db: Db, now: Date): Promise<void> {
  const starts = HORIZONS.map(([from]) => from);
  const [figures, ages] = await Promise.all([
    forecastFiguresByHorizon(db, WINDOW_DAYS, starts),
    sourceAges(db, now, null),
  ]);
  const gauges = figures.flatMap(errorGauges);
  for (const { dataSourceId, freshnessDays, loadAgeHours, modelAgeDays } of ages) {
    const labels = { data_source: String(dataSourceId) };
    push(gauges, "data_newest_sales_day_age_days", labels, freshnessDays);
    push(gauges, "data_last_load_age_hours", labels, loadAgeHours);
    push(gauges, "model_age_days", labels, modelAgeDays);
  }
  await saveGauges(db, gauges);
}

function errorGauges(row: HorizonFigures): StoredGauge[] {
  const group = HORIZONS.find(([from]) => from === row.horizonFrom);
  const labels = {
    data_source: String(row.dataSourceId),
    horizon: group === undefined ? "all" : group.join("-"),
  };
  const gauges: StoredGauge[] = [];
  push(gauges, "forecast_error_wape_ratio", labels, ratio(row.absoluteError, row.actual));
  push(gauges, "forecast_bias_ratio", labels, ratio(row.error, row.actual));
  push(gauges, "forecast_interval_coverage_ratio", labels, ratio(row.covered, row.intervals));
  return gauges;
}

function push(gauges: StoredGauge[], name: GaugeName, labels: Record<string, string>, value: number | null) {
  if (value !== null) gauges.push({ name, labels, value });
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
