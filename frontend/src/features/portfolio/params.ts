import { parseAsStringLiteral } from "nuqs";
import { parseAsSort } from "../../lib/sort-param.ts";
import { parseAsBounded, parseAsIds } from "../../lib/url-state.ts";
import { segmentParams } from "../common/segment.ts";

export const WAYS = ["top", "segment", "search", "all"] as const;
/** How the stores are picked: by real sales, by what they have in common, one by one, or every one. */
export type Way = (typeof WAYS)[number];

export const MOST_TOP = 2000;

/** Which stores are planned together. */
export const selectionParams = {
  pick: parseAsStringLiteral(WAYS).withDefault("top"),
  top: parseAsBounded(1, MOST_TOP).withDefault(10),
  stores: parseAsIds.withDefault([]),
  ...segmentParams,
};

/** The order of the stores. */
export const sortParam = parseAsSort([
  "store_id",
  "store_type",
  "total_predicted_sales",
  "share_ratio",
  "avg_daily_sales",
  "peak_date",
  "peak_sales",
  "avg_interval_width",
]);
