import type { Batch } from "../../lib/api-types.ts";
import { daysInRange } from "../../lib/days.ts";
import { percentWhole } from "../../lib/format.ts";
import { heatShares } from "../../lib/heat.ts";

/** One line of the grid: a store, or a sum. */
export interface GridRow {
  key: string;
  /** null = a line of sums. */
  store: number | null;
  name: string;
  weeks: (number | null)[];
  /** How deep each week's tint is, 0 to 1; null = none. */
  tints: (number | null)[];
  total: number | null;
  lower: number | null;
  upper: number | null;
}

/**
 * The stores' lines. A tint compares sales per day, so that a part of a week is not pale for being short: within the store's
 * own weeks, or between all stores.
 */
export function gridRows(
  { store_summaries: stores, weeks }: Pick<Batch, "store_summaries" | "weeks">,
  heat: "store" | "all",
): GridRow[] {
  const days = weeks.map((week) => daysInRange(week.date_from, week.date_to));
  const perDay = stores.map((store) => store.weekly_sales.map((sales, i) => sales / (days[i] ?? 7)));
  const all = heat === "all" ? heatShares(perDay.flat()) : [];
  return stores.map((store, row) => ({
    key: String(store.store_id),
    store: store.store_id,
    name: String(store.store_id),
    weeks: store.weekly_sales,
    tints:
      heat === "all"
        ? all.slice(row * weeks.length, (row + 1) * weeks.length)
        : heatShares(perDay[row] ?? []),
    total: store.total_predicted_sales,
    lower: store.total_lower,
    upper: store.total_upper,
  }));
}

/** The sums of the weeks and their interval; the limits are of the sums, they are no sums of limits. */
export function totalRows({
  weeks,
  portfolio_summary: sum,
  request,
}: Pick<Batch, "weeks" | "portfolio_summary" | "request">): GridRow[] {
  const level = percentWhole(request.confidence_level);
  const line = (key: string, name: string, values: (number | null)[], total: number): GridRow => ({
    key,
    store: null,
    name,
    weeks: values,
    tints: [],
    total,
    lower: key === "all_together" ? sum.total_lower : null,
    upper: key === "all_together" ? sum.total_upper : null,
  });
  return [
    line(
      "all_together",
      "All together",
      weeks.map((week) => week.predicted_sales),
      sum.total_predicted_sales,
    ),
    line(
      "lower",
      `${level} from`,
      weeks.map((week) => week.predicted_lower),
      sum.total_lower,
    ),
    line(
      "upper",
      `${level} to`,
      weeks.map((week) => week.predicted_upper),
      sum.total_upper,
    ),
  ];
}
