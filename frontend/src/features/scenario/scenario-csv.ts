import type { ScenarioComparison, ScenarioPoint } from "../../lib/api-types.ts";
import { type CsvColumn, toCsv } from "../../lib/csv.ts";

interface ScenarioRow extends ScenarioPoint {
  scenario: string;
}

const COLUMNS: CsvColumn<ScenarioRow>[] = [
  { header: "scenario", value: (row) => row.scenario },
  { header: "date", value: (row) => row.date },
  { header: "baseline_sales", value: (row) => row.baseline_sales },
  { header: "scenario_sales", value: (row) => row.scenario_sales },
  { header: "delta_sales", value: (row) => row.delta_sales },
  { header: "scenario_lower", value: (row) => row.scenario_lower },
  { header: "scenario_upper", value: (row) => row.scenario_upper },
  { header: "delta_lower", value: (row) => row.delta_lower },
  { header: "delta_upper", value: (row) => row.delta_upper },
  { header: "open_stores", value: (row) => row.open },
  { header: "promo_stores", value: (row) => row.promo },
  { header: "basis", value: (row) => row.basis },
  { header: "extrapolated", value: (row) => (row.is_extrapolated ? 1 : 0) },
  { header: "why_extrapolated", value: (row) => row.extrapolation.join("; ") },
];

/** All scenarios day by day, one below the other, with the API's figures to the last digit. */
export function scenarioCsv(comparison: Pick<ScenarioComparison, "scenarios" | "target" | "request">): {
  name: string;
  content: string;
} {
  const { target, request, scenarios } = comparison;
  const who =
    target.mode === "store" ? `store_${target.store_id}` : `segment_${target.stores_count ?? 0}stores`;
  return {
    name: `scenario_${who}_${request.horizon_days}d.csv`,
    content: toCsv(
      COLUMNS,
      scenarios.flatMap(({ name, points }) => points.map((point) => ({ ...point, scenario: name }))),
    ),
  };
}
