/** The API's answers, as the counter itself describes them. Types only: no code of the server reaches the browser. */
import type { ChainForecastPoint, ChainSalesPoint, StoreSalesPoint } from "@rossmann/backend";

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

/** A day of several stores together: interval limits of the sum, numbers of stores that are open or have a promotion. */
export type PortfolioPoint = ChainForecastPoint;

/** One store of a portfolio. */
export interface BatchStore {
  store_id: number;
  total_predicted_sales: number;
  avg_daily_sales: number;
  peak_date: string | null;
  peak_sales: number | null;
  avg_interval_width: number;
}

/** A forecast of several stores, each alone and all together. */
export interface BatchForecast {
  request: { store_ids: number[]; horizon_days: number; data_source_id: number };
  store_summaries: BatchStore[];
  portfolio_summary: Omit<BatchStore, "store_id"> & { stores_count: number; horizon_days: number };
  portfolio_series: PortfolioPoint[];
}

/** Who asks, and what that one may do. */
export interface Session {
  signed_in: boolean;
  name: string;
  kind: "key" | "session" | "local" | "legacy" | "anonymous";
  scopes: string[];
  data_source_ids: number[] | null;
  expires_at: string | null;
  key_required: boolean;
}
