export { seasonalNaive } from "./baselines/seasonal-naive.ts";
export { storeWeekdayPromoMedian } from "./baselines/store-weekday-promo-median.ts";
export * from "./errors.ts";
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
export { hierarchicalRidge } from "./ridge/hierarchical-ridge.ts";
