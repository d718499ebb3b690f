import { AppError } from "@rossmann/core";

/** The database does not answer, or every connection of the pool is taken. */
export class DatabaseUnavailableError extends AppError {
  constructor(where: string, reason: string, options?: ErrorOptions) {
    super(
      "database_unavailable",
      "unavailable",
      `the database at ${where} does not answer (${reason}): check that it runs and that DATABASE_URL names it`,
      options,
    );
  }
}

/** The server speaks PostgreSQL but refuses us: wrong password, no such database, too old. */
export class DatabaseRefusedError extends AppError {
  constructor(where: string, reason: string, options?: ErrorOptions) {
    super(
      "database_refused",
      "unavailable",
      `the database at ${where} refuses the connection: ${reason}`,
      options,
    );
  }
}

/** There is no such saved scenario, correction or planning run. */
export class PlanningNotFoundError extends AppError {
  constructor(code: "scenario_not_found" | "override_not_found" | "planning_run_not_found", message: string) {
    super(code, "not_found", message);
  }
}

/** A migration file differs from the one that was applied, is missing, or failed. */
export class MigrationError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("migration_refused", "conflict", message, options);
  }
}

/** Another process owns the home folder's database. */
export class HomeInUseError extends AppError {
  constructor(home: string, pid: number, since: string) {
    super(
      "home_in_use",
      "conflict",
      `the home folder ${home} is in use by process ${pid} since ${since}: stop it with "rossmann down", or set ROSSMANN_HOME to another folder`,
    );
  }
}

/** The embedded server could not be prepared, started or stopped. */
export class EmbeddedServerError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("embedded_server_failed", "unavailable", message, options);
  }
}

/** There is no such data source, or it is switched off. */
export class DataSourceError extends AppError {
  constructor(
    code:
      | "data_source_not_found"
      | "data_source_inactive"
      | "data_source_exists"
      | "data_source_invalid"
      | "data_source_in_use",
    message: string,
  ) {
    const kind = {
      data_source_not_found: "not_found",
      data_source_exists: "conflict",
      data_source_in_use: "conflict",
    } as const;
    super(code, code in kind ? kind[code as keyof typeof kind] : "invalid", message);
  }
}

/** Another load of the same source is at work. */
export class LoadInProgressError extends AppError {
  constructor(source: string, runId: string, since: string) {
    super(
      "load_in_progress",
      "conflict",
      `another load of data source "${source}" is at work (run ${runId}, started ${since}): wait until it has finished, then load again`,
    );
  }
}

/** Another training of the same source is at work. */
export class TrainingInProgressError extends AppError {
  constructor(dataSourceId: number, experimentId: string, since: string) {
    super(
      "training_in_progress",
      "conflict",
      `another training of data source ${dataSourceId} is at work (experiment ${experimentId}, started ${since}): wait until it has finished, or cancel it`,
    );
  }
}

/** A load could not be made visible; what was there before is still there. */
export class LoadFailedError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("load_failed", "unavailable", message, options);
  }
}

/** The database's disk is full. */
export class DiskFullError extends AppError {
  constructor(where: string, options?: ErrorOptions) {
    super(
      "disk_full",
      "unavailable",
      `no space left on the disk of ${where}: free some space and try again; what was there before is untouched`,
      options,
    );
  }
}

/** A run, experiment, model version or alias that does not exist. */
export class NotFoundError extends AppError {
  constructor(
    code: "upload_not_found" | "run_not_found" | "experiment_not_found" | "model_not_found",
    message: string,
  ) {
    super(code, "not_found", message);
  }
}

/** A registry row is not in the state that the step needs. */
export class RegistryConflictError extends AppError {
  constructor(
    code:
      | "run_not_running"
      | "experiment_not_running"
      | "no_previous_model"
      | "upload_over"
      | "upload_not_retryable",
    message: string,
  ) {
    super(code, "conflict", message);
  }
}

/** A key cannot be made, or there is none of that name. */
export class ApiKeyError extends AppError {
  constructor(code: "api_key_invalid" | "api_key_exists" | "api_key_not_found", message: string) {
    const kinds = {
      api_key_invalid: "invalid",
      api_key_exists: "conflict",
      api_key_not_found: "not_found",
    } as const;
    super(code, kinds[code], message);
  }
}
