/**
 * Boosted oblivious trees on what log sales differ from a simple forecast: the store's usual day (weekday and promotion,
 * last 52 weeks) or the hierarchical ridge. One model per part; some parts answer for the coming 42 days, others for the
 * days behind them.
 */
import { availableParallelism } from "node:os";
import { mean } from "../backtest/choose-model.ts";
import { TrainingCancelledError } from "../errors.ts";
import { type BoosterParams, defaultParams, trainBooster } from "../gbdt/index.ts";
import type { FitOptions, FittedModel, ForecastModel } from "../model.ts";
import type { Panel } from "../panel.ts";
import {
  featuresOf,
  fittedBoosting,
  type Part,
  type PartBase,
  type PartSettings,
  restoreBoosting,
  startOf,
} from "./fitted-boosting.ts";
import { FAR, NEAR, type Reach, ROW_HORIZON } from "./row-scheme.ts";
import { createRowStore, type RowStore, rowsBetween } from "./row-store.ts";
import type { TrainingRows } from "./training-rows.ts";

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

/** A stopping point is looked for on so many days, with at most so many more trees than the settings name. */
const TUNING_DAYS = 42;
const MOST_TREES_FACTOR = 1.5;
const PATIENCE_TREES = 50;
/** Fewer rows tell nothing about when to stop. */
const LEAST_TUNING_ROWS = { learn: 2000, judge: 300 };

/** One reach with its settings and the rows that all fits of a training share. */
interface Stretch {
  reach: Reach;
  settings: BoostingSettings;
  rows: RowStore;
  /** trees of each part; as the settings name until a stopping point was found */
  trees: number;
}

/** @param whole the longest panel that will be learned from */
export function boostingModel(profile: BoostingProfile, whole: Panel): ForecastModel {
  const stretches = [
    { reach: NEAR, settings: profile.near },
    { reach: FAR, settings: profile.far },
  ].map(({ reach, settings }): Stretch => {
    const schemes = [...new Set(settings.parts.map((part) => part.scheme))];
    const rows = createRowStore(whole, featuresOf(schemes[0]), schemes, settings.maxStores);
    const { iterations } = { ...defaultParams, ...settings.params };
    return { reach, settings, rows, trees: iterations };
  });
  return {
    name: "boosting" as const,
    leastHistoryDays: (horizon) => (horizon > ROW_HORIZON ? LEAST_FAR_DAYS : LEAST_NEAR_DAYS),
    get hyperparameters() {
      return hyperparametersOf(profile, stretches);
    },
    tune: (panel, options) => tuneStretches(panel, options, stretches),
    fit: (panel, options) => fitBoosting(panel, options, stretches),
    restore: restoreBoosting,
  };
}

function hyperparametersOf(
  { near, far }: BoostingProfile,
  [nearStretch, farStretch]: readonly Stretch[],
): Record<string, number> {
  const complete = { ...defaultParams, ...near.params };
  return {
    depth: complete.depth,
    learning_rate: complete.learningRate,
    l2_leaf_reg: complete.l2LeafReg,
    iterations: nearStretch.trees,
    border_count: complete.borderCount,
    models: near.parts.length * near.seeds,
    far_models: far.parts.length * far.seeds,
    far_iterations: farStretch.trees,
  };
}

/**
 * Finds how many trees the parts of a stretch want: each learns from all but the last days of `panel` and stops where those
 * days are forecast best; all get the mean, which is steadier than what each one found on the same few days. A history that
 * is too short for that leaves the settings as they are.
 */
async function tuneStretches(
  panel: Panel,
  options: FitOptions,
  stretches: readonly Stretch[],
): Promise<void> {
  const total = stretches.reduce((sum, { settings }) => sum + settings.parts.length, 0);
  let done = 0;
  for (const stretch of stretches) {
    const { settings, rows } = stretch;
    const { iterations } = { ...defaultParams, ...settings.params };
    const found: number[] = [];
    const sets = await rows.rowsOf(panel, options.signal);
    for (const { scheme, base } of settings.parts) {
      const set = sets.get(scheme)!;
      const end = panel.historyDays - TUNING_DAYS;
      const [learn, judge] = [rowsBetween(set, 0, end), rowsBetween(set, end, panel.historyDays)];
      if (learn.table.rows < LEAST_TUNING_ROWS.learn || judge.table.rows < LEAST_TUNING_ROWS.judge) continue;
      const { training } = await trainBooster(
        { ...datasetOf(learn, base), evalSet: datasetOf(judge, base) },
        {
          ...settings.params,
          iterations: Math.round(iterations * MOST_TREES_FACTOR),
          earlyStoppingRounds: PATIENCE_TREES,
          seed: options.seed,
        },
        {
          threads: threadsFor(learn.table.rows),
          signal: options.signal,
          onProgress: ({ tree, trees }) => options.onProgress?.((done + tree / trees) / total),
        },
      );
      found.push((training?.bestIteration ?? iterations - 1) + 1);
      done++;
    }
    if (found.length > 0) stretch.trees = Math.round(mean(found));
  }
}

/** What a part's trees learn: log sales less what they start from. */
function datasetOf({ table, target, base: usualDay }: TrainingRows, base: PartBase) {
  const start = startOf(base, table, usualDay);
  return {
    columns: table.columns,
    names: table.names,
    target: target.map((value, i) => value - start[i]),
  };
}

const threadsFor = (rows: number) => (rows < SMALL_ROWS ? 1 : availableParallelism());

async function fitBoosting(
  panel: Panel,
  options: FitOptions,
  stretches: readonly Stretch[],
): Promise<FittedModel> {
  const { from = 1, horizon } = options;
  const asked = stretches.filter(({ reach }) => reach.from <= horizon && reach.to >= from);
  const total = asked.reduce((sum, { settings }) => sum + settings.parts.length * settings.seeds, 0);
  const parts: Part[] = [];
  for (const { settings, rows, trees } of asked) {
    const sets = await rows.rowsOf(panel, options.signal);
    for (const { scheme, base } of settings.parts) {
      const set = sets.get(scheme)!;
      // Every store younger than the first origin: this part has nothing to learn from.
      if (set.table.rows === 0) continue;
      const dataset = datasetOf(set, base);
      for (let k = 0; k < settings.seeds; k++) {
        if (options.signal?.aborted) throw new TrainingCancelledError();
        const model = await trainBooster(
          dataset,
          { ...settings.params, iterations: trees, seed: options.seed + 1000 * k },
          {
            threads: threadsFor(set.table.rows),
            signal: options.signal,
            onProgress: ({ tree, trees: all }) => options.onProgress?.((parts.length + tree / all) / total),
          },
        );
        parts.push({ scheme, base, model });
      }
    }
  }
  return fittedBoosting(parts);
}
