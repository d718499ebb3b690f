export type { ForecastStamp } from "./answers/bench.ts";
export type { StoreFailure } from "./answers/forecastable.ts";
export type { ChainPoint, Portfolio, PortfolioWeek, StoreTotal, TypeTotal } from "./answers/portfolio.ts";
export type { PredictedRows } from "./answers/predict-rows.ts";
export type { CalendarDay, ForecastPoint, StateHolidayCode } from "./answers/store-points.ts";
export { decodeArtifact, encodeArtifact } from "./artifact.ts";
export type { Choice } from "./backtest/choose-model.ts";
export type { Measures } from "./backtest/measure.ts";
export { type BacktestFold, runBacktest } from "./backtest/run-backtest.ts";
export { type BacktestRow, scoreBacktest } from "./backtest/score-backtest.ts";
export { HORIZON_GROUPS, type HorizonGroup, type SegmentKind } from "./backtest/segments.ts";
export {
  type MatrixScheme,
  type TrainingMatrix,
  trainingMatrix,
  treesOfArtifact,
} from "./boosting/training-matrix.ts";
export { DRIVERS, type Driver, type Drivers } from "./drivers/driver-groups.ts";
export * from "./errors.ts";
export { FEATURE_COLUMNS } from "./features/index.ts";
export {
  type ChainForecast,
  createForecaster,
  type ForecastAnswer,
  type Forecaster,
  type ForecasterOptions,
  type ForecastFrame,
  type ForecastQuery,
  type KnownFuture,
  type NaiveComparison,
  type OnProgress,
  type StoreForecastQuery,
} from "./forecast.ts";
export * from "./gbdt/index.ts";
export { type ImportOptions, type ImportResult, importModel } from "./import-model.ts";
export { type TotalCoverage, totalCoverage } from "./intervals/total-coverage.ts";
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
export type { Extrapolation } from "./scenario/extrapolation.ts";
export type { CalendarEdit, PromoMode, SchoolHolidayMode } from "./scenario/plan-calendar.ts";
export type { ScenarioAnswer, ScenarioOutcome, ScenarioPlan, ScenarioPoint } from "./scenario.ts";
export { learnShard, type Shard, type ShardOptions } from "./shard.ts";
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
