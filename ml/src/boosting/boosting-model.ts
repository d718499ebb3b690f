/**
 * Boosted oblivious trees on what log sales differ from the store's usual day (weekday and promotion, last 52 weeks).
 * One model per row scheme; their geometric mean is the forecast. Answers for the coming 42 days.
 */
import { availableParallelism } from "node:os";
import { ArtifactError, TrainingCancelledError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { columnNames } from "../features/feature-table.ts";
import {
  type BoosterParams,
  defaultParams,
  type ObliviousModel,
  predictionValuesChange,
  predictRaw,
  readModel,
  trainBooster,
  writeModel,
} from "../gbdt/index.ts";
import type { FitOptions, FittedModel, ForecastModel, JsonValue } from "../model.ts";
import { MAX_SALES } from "../model.ts";
import type { Panel } from "../panel.ts";
import { forecastRows } from "./forecast-rows.ts";
import type { RowStore } from "./row-store.ts";
import { ROW_HORIZON, type RowScheme } from "./training-rows.ts";

export interface BoostingSettings {
  schemes: readonly RowScheme[];
  params: Partial<BoosterParams>;
  /** with more stores than this, every k-th one teaches for all */
  maxStores: number;
  /** models of different seeds per scheme */
  seeds: number;
  /** weight of a row halves with every so many days of age; Infinity: all alike */
  halfLifeDays: number;
}

/** Statistics of 90 days, a month ahead, and a month of rows to learn from. */
const LEAST_HISTORY_DAYS = 160;

/** Below so many rows threads wait for each other longer than they work. */
const SMALL_ROWS = 50_000;

interface Part {
  scheme: RowScheme;
  model: ObliviousModel;
}

/**
 * @param rows shared by all fits of a training
 */
export function boostingModel(
  settings: BoostingSettings,
  features: readonly Feature[],
  rows: RowStore,
): ForecastModel {
  return {
    name: "boosting" as const,
    longestHorizon: ROW_HORIZON,
    leastHistoryDays: LEAST_HISTORY_DAYS,
    hyperparameters: hyperparametersOf(settings),
    fit: (panel, options) => fitBoosting(panel, options, settings, features, rows),
    restore: (parameters) => restoreBoosting(parameters, features),
  };
}

function hyperparametersOf({ params, schemes, seeds }: BoostingSettings): Record<string, number> {
  const complete = { ...defaultParams, ...params };
  return {
    depth: complete.depth,
    learning_rate: complete.learningRate,
    l2_leaf_reg: complete.l2LeafReg,
    iterations: complete.iterations,
    border_count: complete.borderCount,
    models: schemes.length * seeds,
  };
}

async function fitBoosting(
  panel: Panel,
  options: FitOptions,
  settings: BoostingSettings,
  features: readonly Feature[],
  rows: RowStore,
): Promise<FittedModel> {
  const parts: Part[] = [];
  const total = settings.schemes.length * settings.seeds;
  const sets = rows.rowsOf(panel);
  for (const [at, scheme] of settings.schemes.entries()) {
    const { table, target, base, days } = sets[at];
    const residual = target.map((value, i) => value - base[i]);
    const weight = Number.isFinite(settings.halfLifeDays)
      ? Float64Array.from(days, (day) => 0.5 ** ((panel.historyDays - 1 - day) / settings.halfLifeDays))
      : undefined;
    for (let k = 0; k < settings.seeds; k++) {
      if (options.signal?.aborted) throw new TrainingCancelledError();
      const model = await trainBooster(
        { columns: table.columns, names: table.names, target: residual, weight },
        { ...settings.params, seed: options.seed + 1000 * k },
        {
          threads: target.length < SMALL_ROWS ? 1 : availableParallelism(),
          signal: options.signal,
          onProgress: ({ tree, trees }) => options.onProgress?.((parts.length + tree / trees) / total),
        },
      );
      parts.push({ scheme, model });
    }
  }
  return fittedModel(parts, features);
}

/** @throws {ArtifactError} when it was trained on other features, or its trees cannot be read */
export function restoreBoosting(parameters: JsonValue, features: readonly Feature[]): FittedModel {
  const given = parameters as { [name: string]: JsonValue };
  if (JSON.stringify(given.columns) !== JSON.stringify(columnNames(features))) {
    throw new ArtifactError("the boosted trees were trained on other features than this version computes");
  }
  if (!Array.isArray(given.parts)) throw new ArtifactError("the boosted trees are missing");
  const parts = given.parts.map((each: { scheme: RowScheme; catboost: string }) => ({
    scheme: each.scheme,
    model: readModel(each.catboost, { needsChecksum: true }),
  }));
  return fittedModel(parts, features);
}

function fittedModel(parts: readonly Part[], features: readonly Feature[]): FittedModel {
  return {
    name: "boosting",
    forecast(panel, storeIndexes, horizon) {
      const near = Math.min(horizon, ROW_HORIZON);
      const logs = new Float64Array(storeIndexes.length * near);
      const isOpen = new Uint8Array(logs.length);
      for (const scheme of new Set(parts.map((part) => part.scheme))) {
        const { table, base, cells } = forecastRows(panel, features, scheme, storeIndexes, near);
        for (const part of parts) {
          if (part.scheme !== scheme || cells.length === 0) continue;
          const raw = predictRaw(part.model, table.columns);
          for (let i = 0; i < cells.length; i++) {
            logs[cells[i]] += (base[i] + raw[i]) / parts.length;
            isOpen[cells[i]] = 1;
          }
        }
      }
      const out = new Float64Array(storeIndexes.length * horizon);
      for (let i = 0; i < storeIndexes.length; i++) {
        for (let h = 0; h < near; h++) {
          const cell = i * near + h;
          if (isOpen[cell] === 1) out[i * horizon + h] = Math.min(MAX_SALES, Math.exp(logs[cell]));
        }
      }
      return out;
    },
    parameters: () => ({
      columns: columnNames(features),
      parts: parts.map(({ scheme, model }) => ({ scheme, catboost: writeModel(model) })),
    }),
    importance: () => importanceOf(parts, columnNames(features)),
  };
}

/** Mean PredictionValuesChange over the parts, in percent; columns that no tree uses are left out. */
function importanceOf(
  parts: readonly Part[],
  names: readonly string[],
): { feature: string; importance: number }[] {
  const sums = new Map<string, number>();
  for (const { model } of parts) {
    // Columns by the model's own flat index: a model lists the features that its trees use.
    predictionValuesChange(model).forEach((value, column) => {
      sums.set(names[column], (sums.get(names[column]) ?? 0) + value / parts.length);
    });
  }
  return [...sums]
    .filter(([, importance]) => importance > 0)
    .map(([feature, importance]) => ({ feature, importance }))
    .sort((a, b) => b.importance - a.importance);
}
