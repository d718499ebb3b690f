/** The models of this product, from the simplest to the most complex: the order in which a choice prefers them. */
import type { AverageOf } from "./average.ts";
import { seasonalNaive } from "./baselines/seasonal-naive.ts";
import { storeWeekdayPromoMedian } from "./baselines/store-weekday-promo-median.ts";
import { ArtifactError } from "./errors.ts";
import type { FittedModel, ForecastModel, JsonValue, TrainingProfile } from "./model.ts";
import { hierarchicalRidge } from "./ridge/hierarchical-ridge.ts";

const ALL_MODELS: readonly ForecastModel[] = [seasonalNaive, storeWeekdayPromoMedian, hierarchicalRidge];

export interface Candidates {
  models: readonly ForecastModel[];
  averages: readonly AverageOf[];
}

/** Who takes part in a backtest. */
export function candidatesOf(_profile: TrainingProfile): Candidates {
  return {
    models: ALL_MODELS,
    averages: [
      {
        name: "average",
        members: [
          { name: "store_weekday_promo_median", weight: 0.4 },
          { name: "ridge", weight: 0.6 },
        ],
      },
    ],
  };
}

/** @throws {ArtifactError} for a model that this version does not know */
export function restoreModel(name: string, parameters: JsonValue): FittedModel {
  const model = ALL_MODELS.find((each) => each.name === name);
  if (model === undefined)
    throw new ArtifactError(`it holds a model "${name}" that this version does not know`);
  return model.restore(parameters);
}
