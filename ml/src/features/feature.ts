/** What a feature is: named columns, computed for a store-day from what is known at an origin. */
import type { OriginView } from "./origin-view.ts";

/**
 * A family of columns that share their work. A `store` family gives one value per column for a store as of the origin;
 * a `day` family gives one per target day. NaN stands for "not known".
 */
export interface StoreFeature {
  readonly scope: "store";
  readonly names: readonly string[];
  /** Write one value per name to out[at …]. */
  compute(view: OriginView, store: number, out: Float64Array, at: number): void;
}

export interface DayFeature {
  readonly scope: "day";
  readonly names: readonly string[];
  /**
   * Write one value per name to out[at …].
   *
   * @param t day index of the target day, after the origin
   */
  compute(view: OriginView, store: number, t: number, out: Float64Array, at: number): void;
}

export type Feature = StoreFeature | DayFeature;
