/** The models of this product, from the simplest to the most complex: the order in which a choice prefers them. */
import type { AverageOf } from "./average.ts";
import { seasonalNaive } from "./baselines/seasonal-naive.ts";
import { storeWeekdayPromoMedian } from "./baselines/store-weekday-promo-median.ts";
import { type BoostingProfile, boostingModel } from "./boosting/boosting-model.ts";
import { restoreBoosting } from "./boosting/fitted-boosting.ts";
import { ArtifactError } from "./errors.ts";
import type { FittedModel, ForecastModel, JsonValue, TrainingProfile } from "./model.ts";
import type { Panel } from "./panel.ts";
import { hierarchicalRidge } from "./ridge/hierarchical-ridge.ts";

const shared = { depth: 6, borderCount: 64, randomStrength: 0 } as const;
const sampled = { type: "MVS", rate: 0.5 } as const;

/** What a profile spends on boosting. */
const BOOSTING: Record<TrainingProfile, BoostingProfile> = {
  quick: {
    near: {
      parts: [{ scheme: "stagger", base: "ridge" }],
      maxStores: 300,
      seeds: 1,
      params: { ...shared, iterations: 150, learningRate: 0.15, bootstrap: sampled },
    },
    far: {
      parts: [{ scheme: "far", base: "ridge" }],
      maxStores: 100,
      seeds: 1,
      params: { ...shared, iterations: 100, learningRate: 0.1, bootstrap: sampled },
    },
  },
  full: {
    near: {
      parts: [
        { scheme: "stagger", base: "usual_day" },
        { scheme: "month_ahead", base: "usual_day" },
        { scheme: "stagger", base: "ridge" },
        { scheme: "month_ahead", base: "ridge" },
      ],
      maxStores: Infinity,
      seeds: 1,
      params: { ...shared, iterations: 400, learningRate: 0.1, bootstrap: sampled },
    },
    far: {
      parts: [
        { scheme: "far", base: "usual_day" },
        { scheme: "far", base: "ridge" },
      ],
      maxStores: Infinity,
      seeds: 1,
      params: { ...shared, iterations: 200, learningRate: 0.1, bootstrap: sampled },
    },
  },
};

const SIMPLE_MODELS: readonly ForecastModel[] = [seasonalNaive, storeWeekdayPromoMedian, hierarchicalRidge];

/** Simple models err apart from each other; the trees need less help. */
const AVERAGE_OF_SIMPLE: AverageOf = {
  name: "average",
  members: [
    { name: "store_weekday_promo_median", weight: 0.2 },
    { name: "ridge", weight: 0.8 },
  ],
};
const AVERAGE_WITH_BOOSTING: AverageOf = {
  name: "average",
  members: [
    { name: "ridge", weight: 0.15 },
    { name: "boosting", weight: 0.85 },
  ],
};

/** Every way of learning that a profile tries; what they share for a panel is prepared once. */
export function createModels(profile: TrainingProfile, panel: Panel): readonly ForecastModel[] {
  return [...SIMPLE_MODELS, boostingModel(BOOSTING[profile], panel)];
}

export interface Candidates {
  models: readonly ForecastModel[];
  averages: readonly AverageOf[];
}

/** Who takes part in a backtest of `horizon` days whose earliest origin has `historyDays` behind it. */
export function candidatesOf(
  models: readonly ForecastModel[],
  horizon: number,
  historyDays: number,
): Candidates {
  const able = models.filter((model) => (model.leastHistoryDays?.(horizon) ?? 1) <= historyDays);
  const hasBoosting = able.some((model) => model.name === "boosting");
  return { models: able, averages: [hasBoosting ? AVERAGE_WITH_BOOSTING : AVERAGE_OF_SIMPLE] };
}

/** @throws {ArtifactError} for a model that this version does not know */
export function restoreModel(name: string, parameters: JsonValue): FittedModel {
  const simple = SIMPLE_MODELS.find((model) => model.name === name);
  if (simple !== undefined) return simple.restore(parameters);
  if (name === "boosting") return restoreBoosting(parameters);
  throw new ArtifactError(`it holds a model "${name}" that this version does not know`);
}
