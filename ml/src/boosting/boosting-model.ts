/**
 * Boosted oblivious trees on what log sales differ from a simple forecast: the store's usual day (weekday and promotion,
 * last 52 weeks) or the hierarchical ridge. One model per part; some parts answer for the coming 42 days, others for the
 * days behind them.
 */
import { availableParallelism } from "node:os";
import { TrainingCancelledError } from "../errors.ts";
import { type BoosterParams, defaultParams, trainBooster } from "../gbdt/index.ts";
import type { FitOptions, FittedModel, ForecastModel } from "../model.ts";
import type { Panel } from "../panel.ts";
import {
  featuresOf,
  fittedBoosting,
  type Part,
  type PartSettings,
  restoreBoosting,
  startOf,
} from "./fitted-boosting.ts";
import { FAR, NEAR, type Reach, ROW_HORIZON } from "./row-scheme.ts";
import { createRowStore, type RowStore } from "./row-store.ts";

export interface BoostingSettings {
  /** one model each; they see the same days differently, and their errors partly cancel */
  parts: readonly PartSettings[];
  params: Partial<BoosterParams>;
  /** with more stores than this, every k-th one teaches for all */
  maxStores: number;
  /** models of different seeds per part */
  seeds: number;
}

/** What is spent on the coming 42 days, and on the days behind them. */
export interface BoostingProfile {
  near: BoostingSettings;
  far: BoostingSettings;
}

/** Statistics of 90 days, a month ahead, and a month of rows to learn from. */
const LEAST_NEAR_DAYS = 160;
/** Far days want a year of statistics and rows of other seasons. */
const LEAST_FAR_DAYS = 364;

/** Below so many rows threads wait for each other longer than they work. */
const SMALL_ROWS = 50_000;

/** One reach with its settings and the rows that all fits of a training share. */
interface Stretch {
  reach: Reach;
  settings: BoostingSettings;
  rows: RowStore;
}

/** @param whole the longest panel that will be learned from */
export function boostingModel(profile: BoostingProfile, whole: Panel): ForecastModel {
  const stretches = [
    { reach: NEAR, settings: profile.near },
    { reach: FAR, settings: profile.far },
  ].map(({ reach, settings }): Stretch => {
    const schemes = [...new Set(settings.parts.map((part) => part.scheme))];
    const rows = createRowStore(whole, featuresOf(schemes[0]), schemes, settings.maxStores);
    return { reach, settings, rows };
  });
  return {
    name: "boosting" as const,
    leastHistoryDays: (horizon) => (horizon > ROW_HORIZON ? LEAST_FAR_DAYS : LEAST_NEAR_DAYS),
    hyperparameters: hyperparametersOf(profile),
    fit: (panel, options) => fitBoosting(panel, options, stretches),
    restore: restoreBoosting,
  };
}

function hyperparametersOf({ near, far }: BoostingProfile): Record<string, number> {
  const complete = { ...defaultParams, ...near.params };
  return {
    depth: complete.depth,
    learning_rate: complete.learningRate,
    l2_leaf_reg: complete.l2LeafReg,
    iterations: complete.iterations,
    border_count: complete.borderCount,
    models: near.parts.length * near.seeds,
    far_iterations: { ...defaultParams, ...far.params }.iterations,
    far_models: far.parts.length * far.seeds,
  };
}

async function fitBoosting(
  panel: Panel,
  options: FitOptions,
  stretches: readonly Stretch[],
): Promise<FittedModel> {
  const { from = 1, horizon } = options;
  const asked = stretches.filter(({ reach }) => reach.from <= horizon && reach.to >= from);
  const total = asked.reduce((sum, { settings }) => sum + settings.parts.length * settings.seeds, 0);
  const parts: Part[] = [];
  for (const { settings, rows } of asked) {
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
  }
  return fittedBoosting(parts);
}
