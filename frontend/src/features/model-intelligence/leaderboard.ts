import type { BacktestMetrics, BacktestRow } from "../../lib/api-types.ts";

/** The rule that every model has to beat: the same day a season ago. */
export const NAIVE = "seasonal_naive";

export type Measure = keyof BacktestMetrics;

/** How one model did in a backtest: means over its starting points; ratios, null where nothing was measured. */
export interface ModelScore {
  model: string;
  origins: number;
  rmspe: number | null;
  wape: number | null;
  bias: number | null;
  coverage80: number | null;
  coverage90: number | null;
  coverage95: number | null;
  /** The starting point with the largest RMSPE. */
  worst: { origin: string; rmspe: number } | null;
}

/** Mean of the values there are; null when there is none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The models of a backtest, the best first; rows of segments are let be. No rows: no models. */
export function leaderboard(rows: readonly BacktestRow[]): ModelScore[] {
  const all = rows.filter((row) => row.segment_kind === "all");
  return [...Map.groupBy(all, (row) => row.model_type)]
    .map(([model, own]) => {
      const mean = (name: Measure) => meanOf(own.map((row) => row.metrics[name]));
      return {
        model,
        origins: own.length,
        rmspe: mean("rmspe"),
        wape: mean("wape"),
        bias: mean("bias"),
        coverage80: mean("coverage_80"),
        coverage90: mean("coverage_90"),
        coverage95: mean("coverage_95"),
        worst: worstOf(own),
      };
    })
    .sort(
      (a, b) =>
        (a.rmspe ?? Number.POSITIVE_INFINITY) - (b.rmspe ?? Number.POSITIVE_INFINITY) ||
        (a.model < b.model ? -1 : 1),
    );
}

function worstOf(rows: readonly BacktestRow[]): ModelScore["worst"] {
  let worst: ModelScore["worst"] = null;
  for (const { origin, metrics } of rows)
    if (metrics.rmspe !== null && metrics.rmspe > (worst?.rmspe ?? -1))
      worst = { origin, rmspe: metrics.rmspe };
  return worst;
}
