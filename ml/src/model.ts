/** What every forecasting model offers, from the naive baseline to the boosted trees. */
import type { OriginViews } from "./features/origin-views.ts";
import type { Panel } from "./panel.ts";

/** Anything that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type ModelName = "seasonal_naive" | "store_weekday_promo_median" | "ridge" | "boosting" | "average";

export type TrainingProfile = "quick" | "full";

/** What a fit may depend on besides the panel. */
export interface FitOptions {
  /** decides every random draw */
  seed: number;
  profile: TrainingProfile;
  /** first day ahead the model will be asked for, default 1 */
  from?: number;
  /** longest horizon in days the model will be asked for */
  horizon: number;
  /** share done of this fit, 0–1 */
  onProgress?: (share: number) => void;
  /** ends the fit early by a `TrainingCancelledError` */
  signal?: AbortSignal;
}

/** A way of learning. Models are listed from the simplest to the most complex; the choice favours the simpler. */
export interface ForecastModel {
  readonly name: ModelName;
  /** fewest days of history it must be fitted on to answer for a horizon, default 1 */
  readonly leastHistoryDays?: (horizon: number) => number;
  /** numbers that say how it learns, for the registry */
  readonly hyperparameters?: Readonly<Record<string, number>>;
  /**
   * Choose settings, such as when to stop, on a panel that ends before the first day that is judged. What is fitted later
   * has them.
   */
  tune?(panel: Panel, options: FitOptions): Promise<void>;
  /** Learn from everything the panel has observed; the panel ends at the origin. */
  fit(panel: Panel, options: FitOptions): Promise<FittedModel>;
  /** The fitted model that {@link FittedModel.parameters} was taken from. */
  restore(parameters: JsonValue): FittedModel;
}

export interface FittedModel {
  readonly name: ModelName;
  /**
   * Forecast from the origin of `panel`, which may lie after the day the model was fitted on.
   *
   * @param storeIndexes rows of `panel`, length m
   * @param horizon      days ahead, 1–180
   * @param from         first day ahead that is asked about, default 1; what stands before it means nothing
   * @param views        kept for this panel by a caller who asks more than once; worked out anew when absent
   * @returns m x horizon, currency units, finite and ≥ 0; exactly 0 on closed days
   */
  forecast(
    panel: Panel,
    storeIndexes: Int32Array,
    horizon: number,
    from?: number,
    views?: OriginViews,
  ): Float64Array;
  /**
   * What the log of each open day's forecast is made of; takes what `forecast` takes.
   *
   * @returns m x horizon x causes in the order of `DRIVERS`, adding up to the log of the forecast; 0 on closed days
   */
  explain?(
    panel: Panel,
    storeIndexes: Int32Array,
    horizon: number,
    from?: number,
    views?: OriginViews,
  ): Float64Array;
  /** Everything that {@link ForecastModel.restore} needs. */
  parameters(): JsonValue;
  /** What the model's inputs move its forecast by, in percent of all, largest first; only of models that can tell. */
  importance?(): { feature: string; importance: number }[];
}

/** Indexes of every store of a panel. */
export const allStores = (panel: Panel): Int32Array =>
  Int32Array.from({ length: panel.storeIds.length }, (_, s) => s);

/** No shop sells more on a day; keeps a wild extrapolation finite. */
export const MAX_SALES = 1e12;
