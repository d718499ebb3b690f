import { HORIZON_GROUPS } from "@rossmann/ml";
import { type BacktestScore, backtestScores, type Db, type ModelVersion } from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";
import type { ForecastAccuracy } from "./schemas/forecast.ts";

const GROUPS = HORIZON_GROUPS.map(({ from, to }) => ({ from, to, name: `${from}-${to}` }));

/**
 * How far a model was off in the backtest of its training: means over the origins.
 *
 * @param storeId null for the whole chain
 * @throws {HttpRefusal} 404 when the backtest judged no day of the store
 */
export async function accuracyOf(
  db: Db,
  model: ModelVersion,
  storeId: number | null,
): Promise<ForecastAccuracy> {
  const scores = (segmentKind: string, segments: string[]) =>
    backtestScores(db, model.experimentId, { modelType: model.modelType, segmentKind, segments });
  const names = GROUPS.map(({ name }) => name);
  const [overall, byGroup] = await Promise.all(
    storeId === null
      ? [scores("all", ["all"]), scores("horizon", names)]
      : [
          scores("store", [String(storeId)]),
          scores(
            "store_horizon",
            names.map((name) => `${storeId}:${name}`),
          ),
        ],
  );
  if (overall.length === 0) {
    throw new HttpRefusal(
      404,
      "accuracy_not_found",
      storeId === null
        ? `model version ${model.version} has no backtest; train again`
        : `the backtest of model version ${model.version} judged no day of store ${storeId}; look at the list of stores, or train again`,
    );
  }
  const wape = meanOf(overall, "wape");
  return {
    store_id: storeId,
    wape,
    rmspe: meanOf(overall, "rmspe"),
    bias: meanOf(overall, "bias"),
    points: overall.reduce((sum, score) => sum + score.points, 0),
    typical_error_pct: wape === null ? null : wape * 100,
    origins: overall.map(({ origin }) => origin).sort(),
    horizon_groups: GROUPS.flatMap(({ from, to, name }) => {
      const ofGroup = byGroup.filter(({ segment }) => segment === name || segment === `${storeId}:${name}`);
      if (ofGroup.length === 0) return [];
      return [{ from, to, wape: meanOf(ofGroup, "wape"), coverage_80: meanOf(ofGroup, "coverage_80") }];
    }),
  };
}

/** Mean over the origins that measured it; null when none did. */
function meanOf(scores: readonly BacktestScore[], metric: string): number | null {
  const values = scores.map(({ metrics }) => metrics[metric]).filter((value) => typeof value === "number");
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
