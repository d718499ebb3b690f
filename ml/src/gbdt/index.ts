export {
  type BoosterDataset,
  type EvalSet,
  type TrainingOptions,
  type TrainingProgress,
  trainBooster,
} from "./booster.ts";
export { ModelColumnsError, ModelFileError, TrainingInputError } from "./errors.ts";
export { predictionValuesChange } from "./importance.ts";
export { columnCount, columnNames, type ObliviousModel, type ObliviousTree } from "./model.ts";
export { readModel, writeModel } from "./model-file.ts";
export { type BoosterParams, type Bootstrap, defaultParams, type Loss } from "./params.ts";
export { type ColumnValues, columnsByName, predictRaw } from "./predictor.ts";
export { type ShapValues, shapValues } from "./shap.ts";
