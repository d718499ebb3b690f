export { decodeArtifact, encodeArtifact } from "./artifact.ts";
export type { Choice } from "./backtest/choose-model.ts";
export type { Measures } from "./backtest/measure.ts";
export { type BacktestFold, runBacktest } from "./backtest/run-backtest.ts";
export { type BacktestRow, scoreBacktest } from "./backtest/score-backtest.ts";
export { HORIZON_GROUPS, type HorizonGroup, type SegmentKind } from "./backtest/segments.ts";
export * from "./errors.ts";
export { FEATURE_COLUMNS } from "./features/index.ts";
export {
  type ChainForecast,
  type ChainPoint,
  createForecaster,
  type ForecastAnswer,
  type Forecaster,
  type ForecasterOptions,
  type ForecastPoint,
  type ForecastQuery,
  type ForecastStamp,
  type PredictedRows,
  type StateHolidayCode,
} from "./forecast.ts";
export * from "./gbdt/index.ts";
export { type Learned, type LearnOptions, learn } from "./learn.ts";
export type {
  FitOptions,
  FittedModel,
  ForecastModel,
  JsonValue,
  ModelName,
  TrainingProfile,
} from "./model.ts";
export { Basis, buildPanel, LONGEST_HORIZON, originOf, type Panel, truncatePanel } from "./panel.ts";
export { type CalendarRows, MISSING, type PanelRows, type StoreColumns } from "./panel-rows.ts";
export {
  type BacktestResult,
  backtest,
  registerTraining,
  type TrainOptions,
  type TrainProgress,
  type TrainResult,
  train,
} from "./train.ts";
export { forecastPoints, type TrainedModel } from "./trained-model.ts";
