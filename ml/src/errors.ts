import { AppError } from "@rossmann/core";

/** The data source holds nothing that could be learned from. */
export class EmptyHistoryError extends AppError {
  constructor(message: string) {
    super("history_empty", "conflict", message);
  }
}

/** There are too few days to judge a model by a backtest. */
export class HistoryTooShortError extends AppError {
  constructor(message: string) {
    super("history_too_short", "conflict", message);
  }
}

/** An origin was asked for that the history cannot serve. */
export class OriginError extends AppError {
  constructor(message: string) {
    super("origin_invalid", "invalid", message);
  }
}

/** A horizon outside of 1–180 days. */
export class HorizonError extends AppError {
  constructor(horizon: number, longest: number) {
    super(
      "horizon_invalid",
      "invalid",
      `horizon must be a whole number of days from 1 to ${longest}, got ${horizon}`,
    );
  }
}

/** An interval level outside of 0.5–0.99. */
export class LevelError extends AppError {
  constructor(level: number) {
    super(
      "level_invalid",
      "invalid",
      `level must be between 0.5 and 0.99 (0.8 means: four of five days fall inside), got ${level}`,
    );
  }
}

/** Stores were named that the data source does not have. */
export class UnknownStoreError extends AppError {
  constructor(storeIds: readonly number[]) {
    const shown = storeIds.slice(0, 10).join(", ") + (storeIds.length > 10 ? ", …" : "");
    super(
      "store_not_found",
      "not_found",
      `store ${shown} is not in this data source; look at the list of stores`,
    );
  }
}

/** A store has never sold anything, so that there is nothing to forecast from. */
export class StoreWithoutHistoryError extends AppError {
  constructor(storeId: number) {
    super(
      "store_without_history",
      "invalid",
      `store ${storeId} has no day with sales to forecast from; load its history first`,
    );
  }
}

/** A store has not been open for weeks, and nothing says that it opens again. */
export class StoreClosedError extends AppError {
  constructor(storeId: number, lastDay: string) {
    super(
      "store_closed",
      "invalid",
      `store ${storeId} last sold something on ${lastDay} and no coming day is known on which it opens; load its coming days if it reopens`,
    );
  }
}

/** None of the stores that were asked about can be forecast. */
export class NothingToForecastError extends AppError {
  constructor(stores: number, firstReason: string) {
    super(
      "nothing_to_forecast",
      "invalid",
      stores === 0
        ? "no store was named; name at least one"
        : `none of the ${stores} stores can be forecast; the first: ${firstReason}`,
    );
  }
}

/** A model file is cut, edited, foreign or of another version. */
export class ArtifactError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("model_file_invalid", "invalid", `model file refused: ${message}`, options);
  }
}

/** Nothing has been trained yet for this data source. */
export class NoModelError extends AppError {
  constructor(message: string) {
    super("model_missing", "unavailable", message);
  }
}

/** Somebody asked to stop. */
export class TrainingCancelledError extends AppError {
  constructor() {
    super("training_cancelled", "conflict", "training was cancelled; the serving model is unchanged");
  }
}
