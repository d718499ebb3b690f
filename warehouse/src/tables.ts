import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { Scope } from "./keys/scopes.ts";
import type { UploadedFile, UploadProgress, UploadResult, UploadStatus } from "./uploads.ts";

/** A calendar day as `YYYY-MM-DD`. */
type DateColumn = ColumnType<string, string, string>;
type Instant = ColumnType<Date, Date | string | undefined, Date | string>;
type Json = JSONColumnType<Record<string, unknown>, string | undefined, string>;

/** Columns of every table and view, named as in SQL. Numeric and 64-bit columns arrive as numbers (see `db.ts`). */
export interface WarehouseTables {
  data_source: DataSourceTable;
  dim_date: DimDateTable;
  dim_store: DimStoreTable;
  fact_sales_daily: FactSalesDailyTable;
  known_future: KnownFutureTable;
  agg_chain_daily: AggChainDailyTable;
  agg_store: AggStoreTable;
  agg_store_monthly: AggStoreMonthlyTable;
  agg_store_promo: AggStorePromoTable;
  agg_source_footprint: AggSourceFootprintTable;
  etl_run_registry: EtlRunTable;
  etl_run_finding: EtlRunFindingTable;
  forecast_run_registry: ForecastRunTable;
  forecast_point: ForecastPointTable;
  forecast_result: ForecastResultTable;
  saved_scenario: SavedScenarioTable;
  saved_scenario_version: SavedScenarioVersionTable;
  forecast_override: ForecastOverrideTable;
  forecast_override_day: ForecastOverrideDayTable;
  ml_experiment_registry: ExperimentTable;
  backtest_score: BacktestScoreTable;
  model_version: ModelVersionTable;
  model_alias: ModelAliasTable;
  api_key: ApiKeyTable;
  api_session: ApiSessionTable;
  data_upload: DataUploadTable;
  schema_migration: SchemaMigrationTable;
}

export interface DataSourceTable {
  id: Generated<number>;
  name: string;
  description: string | null;
  source_type: Generated<string>;
  related_contract_id: string | null;
  related_contract_version: string | null;
  is_active: Generated<boolean>;
  is_default: Generated<boolean>;
  created_at: Instant;
  updated_at: Instant;
}

export interface DimDateTable {
  date_id: number;
  full_date: DateColumn;
  day: number;
  month: number;
  year: number;
  quarter: number;
  week_of_year: number;
  day_of_week: number;
  is_weekend: boolean;
}

export interface DimStoreTable {
  data_source_id: number;
  store_id: number;
  store_type: string | null;
  assortment: string | null;
  competition_distance: number | null;
  competition_open_since_month: number | null;
  competition_open_since_year: number | null;
  promo2: number | null;
  promo2_since_week: number | null;
  promo2_since_year: number | null;
  promo_interval: string | null;
}

export interface FactSalesDailyTable {
  data_source_id: number;
  store_id: number;
  date_id: number;
  sales: number;
  customers: number | null;
  promo: number | null;
  state_holiday: string | null;
  school_holiday: number | null;
  open: number | null;
}

export interface KnownFutureTable {
  data_source_id: number;
  store_id: number;
  date_id: number;
  source_row_id: number | null;
  promo: number | null;
  state_holiday: string | null;
  school_holiday: number | null;
  open: number | null;
}

export interface AggChainDailyTable {
  data_source_id: number;
  date_id: number;
  sales: number;
  customers: number;
  store_days: number;
  open_store_days: number;
  promo_store_days: number;
  promo_open_store_days: number;
  state_holiday_store_days: number;
  school_holiday_store_days: number;
}

export interface AggStoreTable {
  data_source_id: number;
  store_id: number;
  sales: number;
  customers: number;
  store_days: number;
  open_days: number;
  open_sales: number;
  first_date: DateColumn;
  last_date: DateColumn;
  sales_rank: number;
}

export interface AggStoreMonthlyTable {
  data_source_id: number;
  store_id: number;
  month_start: DateColumn;
  sales: number;
  customers: number;
  store_days: number;
  open_days: number;
  promo_days: number;
}

export interface AggStorePromoTable {
  data_source_id: number;
  store_id: number;
  promo_flag: "promo" | "no_promo";
  sales: number;
  customers: number;
  num_days: number;
  open_days: number;
  open_sales: number;
  open_customers: number;
  weekday_open_days: number;
  weekday_open_sales: number;
}

export interface AggSourceFootprintTable {
  data_source_id: number;
  stores_count: number;
  sales_rows_count: number;
  date_from: ColumnType<string | null, string | null, string | null>;
  date_to: ColumnType<string | null, string | null, string | null>;
  loaded_at: Instant;
  etl_run_id: string;
}

export type RunStatus = "RUNNING" | "COMPLETED" | "FAILED";
export type LoadKind = "full" | "incremental";
export type PreflightMode = "off" | "report_only" | "enforce";

export interface EtlRunTable {
  run_id: string;
  started_at: Instant;
  finished_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  heartbeat_at: Instant;
  status: RunStatus;
  data_source_id: number | null;
  load_kind: Generated<LoadKind>;
  preflight_mode: Generated<PreflightMode>;
  train_input_path: string | null;
  store_input_path: string | null;
  future_input_path: string | null;
  rows_read: Generated<number>;
  rows_accepted: Generated<number>;
  rows_rejected: Generated<number>;
  rows_unchanged: Generated<number>;
  summary_json: Json;
  error_message: string | null;
}

export type SourceName = "train" | "store" | "future";
export type FindingSeverity = "error" | "warning";

export interface EtlRunFindingTable {
  run_id: string;
  finding_no: number;
  code: string;
  severity: FindingSeverity;
  source_name: SourceName;
  line: number | null;
  column_name: string | null;
  value: string | null;
  message: string;
}

export type ForecastRunType = "forecast" | "batch" | "scenario" | "scenario_v2" | "predict";

export interface ForecastRunTable {
  run_id: string;
  created_at: Instant;
  finished_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  run_type: ForecastRunType;
  status: RunStatus;
  data_source_id: number | null;
  store_id: number | null;
  model_version: number | null;
  origin: ColumnType<string | null, string | null | undefined, string | null>;
  request_json: Json;
  summary_json: Json;
  progress_json: JSONColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  error_message: string | null;
}

export interface ForecastResultTable {
  run_id: string;
  result_json: Json;
}

export interface SavedScenarioTable {
  scenario_id: string;
  data_source_id: number;
  version: number;
  created_at: Instant;
  deleted_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  deleted_by: string | null;
}

export interface SavedScenarioVersionTable {
  scenario_id: string;
  version: number;
  name: string;
  note: Generated<string>;
  content_json: Json;
  author: string;
  saved_at: Instant;
}

export interface ForecastOverrideTable {
  override_id: Generated<number>;
  data_source_id: number;
  store_id: number;
  date_from: DateColumn;
  date_to: DateColumn;
  sales: number | null;
  change_pct: number | null;
  reason: string;
  author: string;
  created_at: Instant;
  origin: DateColumn;
  model_version: number | null;
  withdrawn_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  withdrawn_by: string | null;
}

export interface ForecastOverrideDayTable {
  override_id: number;
  target_date: DateColumn;
  model_sales: number;
  override_sales: number;
  naive_sales: number;
}

export interface ForecastPointTable {
  run_id: string;
  store_id: number;
  target_date: DateColumn;
  predicted_sales: number;
  predicted_lower: number | null;
  predicted_upper: number | null;
  known: boolean;
}

export interface ExperimentTable {
  experiment_id: string;
  data_source_id: number | null;
  model_type: string;
  hyperparameters_json: Json;
  train_period_start: ColumnType<string | null, string | null | undefined, string | null>;
  train_period_end: ColumnType<string | null, string | null | undefined, string | null>;
  validation_period_start: ColumnType<string | null, string | null | undefined, string | null>;
  validation_period_end: ColumnType<string | null, string | null | undefined, string | null>;
  metrics_json: Json;
  status: RunStatus;
  artifact_path: string | null;
  metadata_path: string | null;
  error_message: string | null;
  progress_json: JSONColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  created_at: Instant;
  updated_at: Instant;
  heartbeat_at: Instant;
}

export interface BacktestScoreTable {
  experiment_id: string;
  model_type: string;
  origin: DateColumn;
  segment_kind: string;
  segment: string;
  points: number;
  metrics_json: Json;
}

export interface ModelVersionTable {
  data_source_id: number;
  version: number;
  experiment_id: string;
  model_type: string;
  trained_to: DateColumn;
  artifact: Buffer;
  artifact_sha256: string;
  metadata_json: Json;
  created_at: Instant;
}

export type ModelAlias = "champion" | "challenger";

export interface ModelAliasTable {
  data_source_id: number;
  alias: ModelAlias;
  version: number;
  previous_version: number | null;
  changed_at: Instant;
}

export interface SchemaMigrationTable {
  version: number;
  name: string;
  sha256: string;
  applied_at: Instant;
}

export interface ApiKeyTable {
  key_id: string;
  name: string;
  key_start: string;
  key_end: string;
  key_sha256: Buffer;
  scopes: Scope[];
  data_source_ids: number[] | null;
  notes: string | null;
  created_at: Instant;
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
  last_used_at: Date | null;
  last_used_ip: string | null;
}

export interface ApiSessionTable {
  token_sha256: Buffer;
  key_id: string | null;
  name: string | null;
  scopes: Scope[] | null;
  created_at: Instant;
  expires_at: Date;
}

export interface DataUploadTable {
  upload_id: string;
  data_source_id: number;
  created_at: Instant;
  created_by: string;
  status: UploadStatus;
  attempt: Generated<number>;
  load_kind: LoadKind;
  preflight_mode: PreflightMode;
  files_json: JSONColumnType<UploadedFile[], string, string>;
  has_files: Generated<boolean>;
  progress_json: JSONColumnType<UploadProgress | null, string | null | undefined, string | null>;
  started_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  heartbeat_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  etl_run_id: string | null;
  result_json: JSONColumnType<UploadResult | null, string | null | undefined, string | null>;
  error_code: string | null;
  error_message: string | null;
}
