export { SCOPES, type Scope } from "./access.ts";
export { accessNotices } from "./access-notices.ts";
export type { Api } from "./api.ts";
export { type AppParts, buildApp } from "./app.ts";
export type { LiveTopic } from "./live-feed.ts";
export { openApiDocument } from "./open-api-document.ts";
export type { Acknowledgement, AcknowledgementBody } from "./schemas/acknowledgements.ts";
export type { ActualsQuery, ForecastActuals } from "./schemas/actuals.ts";
export type { AlertAudit, AlertAuditQuery, AuditEvent } from "./schemas/alert-audit.ts";
export type { AlertPolicies, AlertPolicyItem } from "./schemas/alert-policies.ts";
export type {
  ActiveAlerts,
  ActiveAlertsQuery,
  Alert,
  AlertEvaluation,
  AlertHistory,
  AlertHistoryQuery,
  AlertTransition,
  PolicyPreviewAnswer,
  PolicyPreviewQuery,
} from "./schemas/alerts.ts";
export type {
  Batch,
  BatchBody,
  BatchEvent,
  PortfolioPoint,
  PortfolioWeek,
  SegmentTotal,
  StoreSummary,
} from "./schemas/batch.ts";
export type {
  ContractColumn,
  ContractDetail,
  ContractDiff,
  ContractDiffQuery,
  ContractProfile,
  ContractRule,
  ContractSummary,
  ContractVersionDetail,
  ContractVersionSummary,
} from "./schemas/contracts.ts";
export type {
  DataSourceChangesBody,
  DataSourceItem,
  DataSourcesQuery,
  NewDataSourceBody,
} from "./schemas/data-sources.ts";
export type { Drivers } from "./schemas/drivers.ts";
export type { ContractDryRun, ContractDryRunBody } from "./schemas/dry-run.ts";
export type { ChannelTest, NotificationEndpoint, NotificationEndpoints } from "./schemas/endpoints.ts";
export type { EtlRunDetail, EtlRunItem, EtlRuns, EtlRunsQuery } from "./schemas/etl-runs.ts";
export type {
  AccuracyQuery,
  ChainForecast,
  ChainForecastPoint,
  ChainForecastQuery,
  ForecastAccuracy,
  ForecastBody,
  ForecastPoint,
} from "./schemas/forecast.ts";
export type {
  ForecastRunDetail,
  ForecastRunItem,
  ForecastRunsPage,
  ForecastRunsQuery,
} from "./schemas/forecast-runs.ts";
export type { Health, Readiness } from "./schemas/health.ts";
export type { CalendarDay, CalendarQuery, KnownFuture } from "./schemas/known-future.ts";
export type {
  KpiFigures,
  KpiSummary,
  KpiSummaryQuery,
  MoversQuery,
  PromoImpactQuery,
  PromoImpactRow,
  StoreMover,
} from "./schemas/kpi.ts";
export type {
  BacktestMetrics,
  BacktestQuery,
  BacktestRow,
  BacktestTable,
  ExperimentItem,
  ExperimentProgress,
  Experiments,
  ExperimentsQuery,
} from "./schemas/ml-experiments.ts";
export type { ModelsQuery, ModelVersionItem, PromoteBody } from "./schemas/ml-models.ts";
export type { TrainingBody } from "./schemas/ml-trainings.ts";
export type { MetricSet, ModelMetadata, ModelMetadataQuery } from "./schemas/model.ts";
export type {
  DeliveryAttempts,
  DeliveryAttemptsQuery,
  NotificationChannels,
  NotificationFilters,
  NotificationStats,
  NotificationStatsQuery,
  NotificationTrends,
  NotificationTrendsQuery,
} from "./schemas/notification-statistics.ts";
export type {
  Attempt,
  Deliveries,
  DeliveriesQuery,
  Dispatch,
  OutboxItemAnswer,
  OutboxPage,
  OutboxQuery,
  Replay,
} from "./schemas/notifications.ts";
export type {
  NewOverrideBody,
  Override,
  OverrideDay,
  OverridesQuery,
  OverrideValue,
} from "./schemas/overrides.ts";
export type { PlanningRun } from "./schemas/planning-runs.ts";
export type { Segment, StoreFailure } from "./schemas/planning-values.ts";
export type {
  PreflightArtifacts,
  PreflightFinding,
  PreflightManifest,
  PreflightSemantic,
  PreflightValidation,
} from "./schemas/preflight-artifacts.ts";
export type {
  PreflightLatestQuery,
  PreflightRun,
  PreflightRunDetail,
  PreflightRuns,
  PreflightRunsQuery,
} from "./schemas/preflight-runs.ts";
export type {
  PreflightStats,
  PreflightStatsQuery,
  PreflightTopRules,
  PreflightTopRulesQuery,
  PreflightTrends,
  PreflightTrendsQuery,
} from "./schemas/preflight-statistics.ts";
export type { Problem } from "./schemas/problem.ts";
export type { ChainSalesPoint, StoreSalesPoint, TimeseriesQuery } from "./schemas/sales.ts";
export type {
  ChangeScenarioBody,
  NewScenarioBody,
  SavedScenario,
  ScenarioConflict,
} from "./schemas/saved-scenarios.ts";
export type {
  CalendarChange,
  ForecastScenario,
  ForecastScenarioBody,
  NamedScenario,
  ScenarioAssumptions,
  ScenarioCompareBody,
  ScenarioComparison,
  ScenarioEffects,
  ScenarioPoint,
  ScenarioRun,
  ScenarioRunBody,
  ScenarioSummary,
  ScenarioTarget,
} from "./schemas/scenario.ts";
export type { Session, SignInBody } from "./schemas/session.ts";
export type { Silence, SilenceBody, Silences, SilencesQuery } from "./schemas/silences.ts";
export type { Store, StoresQuery } from "./schemas/stores.ts";
export type { SystemSummary, SystemSummaryQuery } from "./schemas/system.ts";
export type { UploadItem, UploadsPage, UploadsQuery } from "./schemas/uploads.ts";
export { ListenError, type RunningServer, type ServerOptions, startServer } from "./server.ts";
