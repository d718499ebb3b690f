/** The models of this product, from the simplest to the most complex: the order in which a choice prefers them. */
import type { AverageOf } from "./average.ts";
import { seasonalNaive } from "./baselines/seasonal-naive.ts";
import { storeWeekdayPromoMedian } from "./baselines/store-weekday-promo-median.ts";
import { type BoostingSettings, boostingModel, restoreBoosting } from "./boosting/boosting-model.ts";
import { createRowStore } from "./boosting/row-store.ts";
import { ArtifactError } from "./errors.ts";
import { ALL_FEATURES } from "./features/index.ts";
import type { FittedModel, ForecastModel, JsonValue, TrainingProfile } from "./model.ts";
import type { Panel } from "./panel.ts";
import { hierarchicalRidge } from "./ridge/hierarchical-ridge.ts";

/** What a profile spends on boosting. */
const BOOSTING: Record<TrainingProfile, BoostingSettings> = {
  quick: {
    parts: [{ scheme: "stagger", base: "ridge" }],
    maxStores: 300,
    seeds: 1,
    params: {
      iterations: 150,
      learningRate: 0.15,
      depth: 6,
      borderCount: 64,
      bootstrap: { type: "MVS", rate: 0.5 },
      randomStrength: 0,
    },
  },
  full: {
    parts: [
      { scheme: "stagger", base: "usual_day" },
      { scheme: "month_ahead", base: "usual_day" },
      { scheme: "stagger", base: "ridge" },
      { scheme: "month_ahead", base: "ridge" },
    ],
    maxStores: Infinity,
    seeds: 1,
    params: {
      iterations: 400,
      learningRate: 0.1,
      depth: 6,
      borderCount: 64,
      bootstrap: { type: "MVS", rate: 0.5 },
      randomStrength: 0,
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
  const settings = BOOSTING[profile];
  const schemes = [...new Set(settings.parts.map((part) => part.scheme))];
  const rows = createRowStore(panel, ALL_FEATURES, schemes, settings.maxStores);
  return [...SIMPLE_MODELS, boostingModel(settings, ALL_FEATURES, rows)];
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
  const able = models.filter(
    (model) => (model.longestHorizon ?? Infinity) >= horizon && (model.leastHistoryDays ?? 1) <= historyDays,
  );
  const hasBoosting = able.some((model) => model.name === "boosting");
  return { models: able, averages: [hasBoosting ? AVERAGE_WITH_BOOSTING : AVERAGE_OF_SIMPLE] };
}

/** @throws {ArtifactError} for a model that this version does not know */
export function restoreModel(name: string, parameters: JsonValue): FittedModel {
  const simple = SIMPLE_MODELS.find((model) => model.name === name);
  if (simple !== undefined) return simple.restore(parameters);
  if (name === "boosting") return restoreBoosting(parameters, ALL_FEATURES);
  throw new ArtifactError(`it holds a model "${name}" that this version does not know`);
}
