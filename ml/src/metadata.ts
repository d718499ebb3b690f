/** What is told about a training: readable by clients of the reference platform, extended by what they lacked. */
import { isoDate } from "@rossmann/core";
import { mean } from "./backtest/choose-model.ts";
import type { Measures } from "./backtest/measure.ts";
import type { Backtest, Learned, LearnOptions } from "./learn.ts";
import type { JsonValue, ModelName } from "./model.ts";
import { originOf, type Panel } from "./panel.ts";

const TOP_FEATURES = 20;

/** mae and rmse in currency units; mape, mape_nonzero, smape and wape in percent; the others are ratios. */
export type MetricSet = Record<string, number | null>;

/** Mean over origins of every model's measures, and once more under `best` for the chosen one. */
export function metricsByModel(learned: Pick<Learned, "short">): Record<string, MetricSet> {
  const { table, choice } = learned.short;
  const metrics: Record<string, MetricSet> = {};
  for (const name of new Set(table.map((row) => row.model))) {
    const rows = table.filter((row) => row.model === name && row.kind === "all").map((row) => row.measures);
    metrics[name] = metricSet(rows);
  }
  metrics.best = metrics[choice.name];
  return metrics;
}

function metricSet(rows: readonly Measures[]): MetricSet {
  const over = (key: keyof Measures, factor = 1): number | null => {
    const value = mean(rows.map((row) => row[key] ?? NaN)) * factor;
    return Number.isFinite(value) ? value : null;
  };
  return {
    mae: over("mae"),
    rmse: over("rmse"),
    // Closed days are not scored, so that nothing is divided by zero and both are the same figure.
    mape: over("mape_nonzero", 100),
    mape_nonzero: over("mape_nonzero", 100),
    smape: over("smape", 100),
    wape: over("wape", 100),
    rmspe: over("rmspe"),
    bias: over("bias"),
    pinball: over("pinball"),
    coverage_80: over("coverage_80"),
    coverage_90: over("coverage_90"),
    coverage_95: over("coverage_95"),
  };
}

/** The metadata of a trained model, as the registry keeps it. No time of day in it: equal trainings read equal. */
export function metadataOf(learned: Learned, panel: Panel, options: LearnOptions): Record<string, JsonValue> {
  const { short, long, trained } = learned;
  const origins = short.folds.map((fold) => fold.origin).sort((a, b) => a - b);
  const scored = short.table
    .filter((row) => row.kind === "all" && row.model === short.choice.name)
    .reduce((sum, row) => sum + row.points, 0);
  const metrics = metricsByModel(learned);
  const boosting = short.candidates.models.find((model) => model.name === "boosting");
  const importance = trained.models.get("boosting")?.importance?.() ?? [];
  return {
    selected_model: short.choice.name,
    metrics,
    catboost_candidates:
      boosting === undefined ? [] : [{ params: boosting.hyperparameters ?? {}, metrics: metrics.boosting }],
    catboost_selected_params: trained.models.has("boosting") ? (boosting?.hyperparameters ?? null) : null,
    target_transform: "log",
    prediction_floor: 0,
    prediction_cap: null,
    prediction_interval_sigma: null,
    top_feature_importance: importance.slice(0, TOP_FEATURES),
    feature_columns: importance.map((each) => each.feature),
    train_period: { date_from: isoDate(panel.firstDay), date_to: isoDate(originOf(panel)) },
    validation_period: {
      date_from: isoDate(origins[0] + 1),
      date_to: isoDate(origins[origins.length - 1] + short.horizon),
    },
    rows: { train: countSold(panel), validation: scored },
    trained_to: isoDate(trained.trainedTo),
    seed: options.seed,
    profile: options.profile,
    choice: { reason: short.choice.reason, best: short.choice.best, margin: short.choice.margin },
    backtest: {
      horizon: short.horizon,
      origins: origins.map((origin) => isoDate(origin)),
      long_horizon: long === null ? null : long.horizon,
      long_origins: (long?.folds ?? []).map((fold) => isoDate(fold.origin)),
      long_model: long === null ? null : long.choice.name,
      long_unforeseen_share: long === null ? null : unforeseenShare(long),
    },
    horizon_parts: trained.parts.map((part) => ({
      to: part.to,
      model: part.name,
      members: part.members.map((member) => ({ name: member.name as ModelName, weight: member.weight })),
    })),
  };
}

/** Share of the days that sold in the windows on which the projected calendar took the store for closed. */
function unforeseenShare({ folds }: Backtest): number {
  const unforeseen = folds.reduce((sum, fold) => sum + fold.unforeseen, 0);
  const scored = folds.reduce(
    (sum, fold) => sum + fold.actual.filter((value) => !Number.isNaN(value)).length,
    0,
  );
  return unforeseen / Math.max(1, unforeseen + scored);
}

function countSold(panel: Panel): number {
  let count = 0;
  for (const value of panel.logSales) if (!Number.isNaN(value)) count++;
  return count;
}
