import { parseAsString, parseAsStringLiteral } from "nuqs";
import { horizonParam } from "../../components/horizon-picker.tsx";
import { levelParam } from "../../components/level-picker.tsx";
import { parseAsSort } from "../../lib/sort-param.ts";
import { parseAsBounded, parseAsIds } from "../../lib/url-state.ts";
import { segmentParams } from "../common/segment.ts";

export const WAYS = ["top", "segment", "search", "all"] as const;
/** How the stores are picked: by real sales, by what they have in common, one by one, or every one. */
export type Way = (typeof WAYS)[number];

/** As many as the API takes at once. */
export const MOST_TOP = 2000;

/** Which stores are planned together, over how many days, how sure; and the run that answers it, once there is one. */
export const planParams = {
  pick: parseAsStringLiteral(WAYS).withDefault("top"),
  top: parseAsBounded(1, MOST_TOP).withDefault(10),
  stores: parseAsIds.withDefault([]),
  ...segmentParams,
  horizon: horizonParam,
  level: levelParam,
  run: parseAsString,
};

/** How the tables look, and which of their stores are looked at. */
export const viewParams = {
  q: parseAsString.withDefault(""),
  sort: parseAsSort([
    "store_id",
    "store_type",
    "total_predicted_sales",
    "total_lower",
    "total_upper",
    "share_ratio",
    "avg_daily_sales",
    "peak_date",
    "peak_sales",
    "avg_interval_width",
  ]),
  heat: parseAsStringLiteral(["store", "all"] as const).withDefault("store"),
};
