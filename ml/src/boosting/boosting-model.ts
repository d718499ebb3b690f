/**
 * Boosted oblivious trees on what log sales differ from a simple forecast: the store's usual day (weekday and promotion,
 * last 52 weeks) or the hierarchical ridge. One model per part; their geometric mean is the forecast. Answers for the
 * coming 42 days.
 */
import { availableParallelism } from "node:os";
import { ArtifactError, TrainingCancelledError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { columnNames, type FeatureTable } from "../features/feature-table.ts";
import { RIDGE_FORECAST } from "../features/ridge-forecast.ts";
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

/** What a part's trees correct: the store's usual day (base364), or what the hierarchical ridge says of the day. */
export type PartBase = "usual_day" | "ridge";

export interface PartSettings {
  scheme: RowScheme;
  base: PartBase;
}

export interface BoostingSettings {
  /** one model each; they see the same days differently, and their errors partly cancel */
  parts: readonly PartSettings[];
  params: Partial<BoosterParams>;
  /** with more stores than this, every k-th one teaches for all */
  maxStores: number;
  /** models of different seeds per part */
  seeds: number;
}

/** Statistics of 90 days, a month ahead, and a month of rows to learn from. */
const LEAST_HISTORY_DAYS = 160;

/** Below so many rows threads wait for each other longer than they work. */
const SMALL_ROWS = 50_000;

interface Part extends PartSettings {
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

function hyperparametersOf({ params, parts, seeds }: BoostingSettings): Record<string, number> {
  const complete = { ...defaultParams, ...params };
  return {
    depth: complete.depth,
    learning_rate: complete.learningRate,
    l2_leaf_reg: complete.l2LeafReg,
    iterations: complete.iterations,
    border_count: complete.borderCount,
    models: parts.length * seeds,
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
  const total = settings.parts.length * settings.seeds;
  const sets = await rows.rowsOf(panel, options.signal);
  for (const { scheme, base } of settings.parts) {
    const set = sets.get(scheme)!;
    const { table, target } = set;
    // Every store younger than the first origin: this part has nothing to learn from.
    if (target.length === 0) continue;
    const start = startOf(base, table, set.base);
    const residual = target.map((value, i) => value - start[i]);
    for (let k = 0; k < settings.seeds; k++) {
      if (options.signal?.aborted) throw new TrainingCancelledError();
      const model = await trainBooster(
        { columns: table.columns, names: table.names, target: residual },
        { ...settings.params, seed: options.seed + 1000 * k },
        {
          threads: target.length < SMALL_ROWS ? 1 : availableParallelism(),
          signal: options.signal,
          onProgress: ({ tree, trees }) => options.onProgress?.((parts.length + tree / trees) / total),
        },
      );
      parts.push({ scheme, base, model });
    }
  }
  return fittedModel(parts, features);
}

/** Log sales that a part's trees start from, per row. */
function startOf(base: PartBase, table: FeatureTable, usualDay: Float64Array): Float64Array {
  if (base === "usual_day") return usualDay;
  const ridge = table.columns[table.names.indexOf(RIDGE_FORECAST)];
  return usualDay.map((value, i) => value + ridge[i]);
}

/** @throws {ArtifactError} when it was trained on other features, or its trees cannot be read */
export function restoreBoosting(parameters: JsonValue, features: readonly Feature[]): FittedModel {
  const given = parameters as { [name: string]: JsonValue };
  if (JSON.stringify(given.columns) !== JSON.stringify(columnNames(features))) {
    throw new ArtifactError("the boosted trees were trained on other features than this version computes");
  }
  if (!Array.isArray(given.parts)) throw new ArtifactError("the boosted trees are missing");
  const parts = given.parts.map((each: { scheme: RowScheme; base: PartBase; catboost: string }) => ({
    scheme: each.scheme,
    base: each.base,
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
          const start = startOf(part.base, table, base);
          const raw = predictRaw(part.model, table.columns);
          for (let i = 0; i < cells.length; i++) {
            logs[cells[i]] += (start[i] + raw[i]) / parts.length;
            isOpen[cells[i]] = 1;
          }
        }
      }
      const out = new Float64Array(storeIndexes.length * horizon);
      for (let i = 0; i < storeIndexes.length; i++) {
        for (let h = 0; h < near; h++) {
          const cell = i * near + h;
          // Without a single part there is no forecast; NaN keeps such a model from being chosen.
          if (
            parts.length === 0 &&
            panel.open[storeIndexes[i] * panel.calendarDays + panel.historyDays + h] === 1
          ) {
            out[i * horizon + h] = NaN;
          }
          if (isOpen[cell] === 1) out[i * horizon + h] = Math.min(MAX_SALES, Math.exp(logs[cell]));
        }
      }
      return out;
    },
    parameters: () => ({
      columns: columnNames(features),
      parts: parts.map(({ scheme, base, model }) => ({ scheme, base, catboost: writeModel(model) })),
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
