import type { Level } from "../../components/level-picker.tsx";
import type { BatchBody } from "../../lib/api-types.ts";
import { segmentBody } from "../common/segment.ts";
import type { Selection } from "./selection.ts";

/** From here on a forecast takes long enough to be worth a bar, and to be left and found again. */
const LONG_FROM_STORES = 100;

export const isLongFor = (stores: number): boolean => stores > LONG_FROM_STORES;

/** What is asked of the API for a selection; null when it has no store. */
export function batchBody(
  selection: Selection,
  ids: readonly number[],
  horizon: number,
  level: Level,
  source: number | null,
): BatchBody | null {
  if (ids.length === 0) return null;
  return {
    ...(selection.pick === "all"
      ? { all_stores: true }
      : selection.pick === "segment"
        ? { segment: segmentBody(selection) }
        : { store_ids: [...ids] }),
    horizon_days: horizon,
    confidence_level: Number(level) / 100,
    data_source_id: source,
  };
}
