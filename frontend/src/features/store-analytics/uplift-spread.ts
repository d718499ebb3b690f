import type { PromoImpactRow } from "../../lib/api-types.ts";
import { medianOf } from "./peers.ts";

export interface UpliftSpread {
  /** As ratios: 0.38 reads +38 %. */
  median: number;
  /** First and third quartile. */
  lower: number;
  upper: number;
  stores: number;
}

/** The middle and the middle half of the stores' promo uplifts; null when no store has one. One store is its own spread. */
export function upliftSpread(rows: readonly PromoImpactRow[]): UpliftSpread | null {
  const byStore = new Map(
    rows.flatMap((row) => (row.uplift_pct === null ? [] : [[row.store_id, row.uplift_pct / 100] as const])),
  );
  const values = [...byStore.values()].toSorted((a, b) => a - b);
  if (values.length === 0) return null;
  const half = Math.ceil(values.length / 2);
  return {
    median: medianOf(values),
    lower: medianOf(values.slice(0, half)),
    upper: medianOf(values.slice(-half)),
    stores: values.length,
  };
}
