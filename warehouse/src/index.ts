export * from "./alerts/acknowledgements.ts";
export * from "./alerts/alerts.ts";
export * from "./alerts/audit.ts";
export * from "./alerts/business-figures.ts";
export * from "./alerts/evaluations.ts";
export * from "./alerts/leases.ts";
export * from "./alerts/live-marks.ts";
export * from "./alerts/metric-counters.ts";
export * from "./alerts/preflight-figures.ts";
export * from "./alerts/scheduler-jobs.ts";
export * from "./alerts/silences.ts";
export * from "./alerts/stored-gauges.ts";
export * from "./backup/index.ts";
export { type CreatedDatabase, createRoleAndDatabase, type NewDatabase } from "./create-database.ts";
export * from "./data-source-changes.ts";
export * from "./data-source-overview.ts";
export {
  createDataSource,
  type DataSource,
  listDataSources,
  type NewDataSource,
  resolveDataSource,
} from "./data-sources.ts";
export {
  closeDatabase,
  connectionOptionsOf,
  cutDatabase,
  type DatabaseOptions,
  type Db,
  isConnectionFailure,
  openDatabase,
  type PoolUse,
  pingDatabase,
  poolUse,
  rawSql,
  urlOf,
} from "./db.ts";
export {
  connectEmbedded,
  type EmbeddedServer,
  embeddedOwner,
  startEmbedded,
  stopEmbedded,
} from "./embedded.ts";
export * from "./errors.ts";
export * from "./etl-runs.ts";
export * from "./experiments.ts";
export * from "./forecasts.ts";
export * from "./keys/api-keys.ts";
export * from "./keys/holders.ts";
export * from "./keys/scopes.ts";
export { isSecret, KEY_PATTERN } from "./keys/secret.ts";
export * from "./keys/sessions.ts";
export * from "./kpi.ts";
export { createLoad, type Load, type LoadResult, type PublishPhase, type StoreRow } from "./load/load.ts";
export { type MigrationReport, migrate, pendingMigrations, tryMigrations } from "./migrate.ts";
export * from "./model-versions.ts";
export * from "./outbox/claim.ts";
export * from "./outbox/complete.ts";
export * from "./outbox/endpoints.ts";
export * from "./outbox/enqueue.ts";
export * from "./outbox/reading.ts";
export * from "./outbox/replay.ts";
export * from "./outbox/statistics.ts";
export { isProcessAlive, thisProcess } from "./owner-lock.ts";
export * from "./panel.ts";
export * from "./planning/forecast-actuals.ts";
export * from "./planning/override-value.ts";
export * from "./planning/overrides.ts";
export * from "./planning/planning-runs.ts";
export * from "./planning/saved-scenarios.ts";
export { embeddedBinaries } from "./postgres-binaries.ts";
export type { PreflightFilter } from "./preflight-filter.ts";
export * from "./preflight-runs.ts";
export * from "./preflight-statistics.ts";
export * from "./retention.ts";
export { newRunId } from "./run-id.ts";
export * from "./sales.ts";
export { dumpSchema } from "./schema-dump.ts";
export { signingSecret } from "./signing-secret.ts";
export { type SourceTable, writeSourceRows } from "./source-rows.ts";
export * from "./stores.ts";
export type {
  FindingSeverity,
  ForecastRunType,
  LoadKind,
  ModelAlias,
  PreflightMode,
  RunStatus,
  SourceName,
  WarehouseTables,
} from "./tables.ts";
export * from "./uploads.ts";
