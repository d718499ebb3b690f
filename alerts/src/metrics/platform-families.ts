import { FORECAST_GAUGES } from "./forecast-figures.ts";
import type { SharedFamilies } from "./shared-families.ts";

/** As `count_duration` counts them. */
const DURATION_BOUNDS_S = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600];
const ENDS = ["COMPLETED", "FAILED"];

/** Loads, trainings and forecasts, and how good the forecasts were. */
export function declarePlatformFamilies({ counter, gauge, histogram }: SharedFamilies): void {
  counter("etl_runs_total", "Loads that have ended, by outcome and kind", ["status", "load_kind"], () =>
    ENDS.flatMap((status) => ["full", "incremental"].map((load_kind) => ({ status, load_kind }))),
  );
  counter("etl_rows_total", "Rows of the loads that have ended, by what became of them", ["outcome"], () =>
    ["read", "accepted", "rejected", "unchanged"].map((outcome) => ({ outcome })),
  );
  histogram("etl_run_seconds", "How long completed loads took", [], DURATION_BOUNDS_S, () => [{}]);
  counter("ml_trainings_total", "Trainings that have ended, by outcome", ["status"], () =>
    ENDS.map((status) => ({ status })),
  );
  histogram("ml_training_seconds", "How long completed trainings took", [], DURATION_BOUNDS_S, () => [{}]);
  counter(
    "forecast_runs_total",
    "Forecasts that were given, by kind and outcome",
    ["run_type", "status"],
    () =>
      ["forecast", "batch", "scenario", "scenario_v2", "predict"].flatMap((run_type) =>
        ENDS.map((status) => ({ run_type, status })),
      ),
  );
  for (const { name, help, labels } of FORECAST_GAUGES) {
    gauge(name, help, [...labels], ({ stored }) => stored.filter((each) => each.name === name));
  }
}
