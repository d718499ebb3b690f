/** The API's answers, as the counter itself describes them. Types only: no code of the server reaches the browser. */
import type { ChainSalesPoint, StoreSalesPoint } from "@rossmann/backend";

export type {
  BacktestMetrics,
  BacktestRow,
  BacktestTable,
  ChainForecast,
  ChainForecastPoint,
  ChainSalesPoint,
  ContractColumn,
  ContractDetail,
  ContractDiff,
  ContractProfile,
  ContractRule,
  ContractSummary,
  ContractVersionDetail,
  ContractVersionSummary,
  ExperimentItem,
  Experiments,
  ForecastAccuracy,
  ForecastPoint,
  KpiFigures,
  KpiSummary,
  MetricSet,
  ModelMetadata,
  ModelVersionItem,
  PreflightRun,
  PreflightRunDetail,
  PreflightRuns,
  PromoImpactRow,
  Store,
  StoreMover,
  StoreSalesPoint,
  SystemSummary,
} from "@rossmann/backend";

/** A day or a month of one store, or of the chain; for the chain, marks are numbers of stores. */
export type SalesPoint = StoreSalesPoint | ChainSalesPoint;
