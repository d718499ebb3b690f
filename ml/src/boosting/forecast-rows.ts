/** The rows a boosting model answers for: open days of its reach, seen as its scheme sees them. */
import type { Feature } from "../features/feature.ts";
import { createFeatureTable, type FeatureTable, fillFeatures } from "../features/feature-table.ts";
import type { OriginView } from "../features/origin-view.ts";
import { freshViews, type OriginViews } from "../features/origin-views.ts";
import type { Panel } from "../panel.ts";
import { type Reach, ROW_HORIZON, type RowScheme, reachOf } from "./row-scheme.ts";

const WEEK_DAYS = 7;

export interface ForecastRows {
  table: FeatureTable;
  /** log sales of the store on days like the target day, per row */
  base: Float64Array;
  /** place of each row in a table of stores x (days.to − days.from + 1) */
  cells: Int32Array;
  /** what each row is about: its origin's view, its store and the day index of its target day */
  seen: { views: OriginView[]; stores: number[]; days: number[] };
}

/**
 * @param days  the days ahead that are asked about, all within the scheme's reach
 * @param views what is known at the panel's origins; worked out anew when absent
 */
export function forecastRows(
  panel: Panel,
  features: readonly Feature[],
  scheme: RowScheme,
  storeIndexes: Int32Array,
  days: Reach,
  views: OriginViews = freshViews(panel),
): ForecastRows {
  const { historyDays, calendarDays, open } = panel;
  /** per end: rows seen from there */
  const perEnd = new Map<number, { stores: number[]; days: number[]; rows: number[] }>();
  const cells: number[] = [];
  const width = days.to - days.from + 1;
  const reach = reachOf(scheme).to;
  for (let i = 0; i < storeIndexes.length; i++) {
    const store = storeIndexes[i];
    for (let h = days.from; h <= days.to; h++) {
      const t = historyDays - 1 + h;
      if (open[store * calendarDays + t] !== 1) continue;
      const wished =
        scheme === "month_ahead" ? ROW_HORIZON / WEEK_DAYS - 1 - Math.floor((h - 1) / WEEK_DAYS) : 0;
      // A young history is seen from its first week on.
      const weeksBack = Math.min(wished, Math.floor((historyDays - 1) / WEEK_DAYS));
      const end = historyDays - weeksBack * WEEK_DAYS;
      let list = perEnd.get(end);
      if (list === undefined) {
        list = { stores: [], days: [], rows: [] };
        perEnd.set(end, list);
      }
      list.stores.push(store);
      list.days.push(t);
      list.rows.push(cells.length);
      cells.push(i * width + h - days.from);
    }
  }
  const table = createFeatureTable(features, cells.length);
  const base = new Float64Array(cells.length);
  const seen: ForecastRows["seen"] = { views: [], stores: [], days: [] };
  for (const [end, list] of perEnd) {
    const from = {
      stores: Int32Array.from(list.stores),
      days: Int32Array.from(list.days),
      rows: Int32Array.from(list.rows),
    };
    const view = views.from(end, reach);
    fillFeatures(view, features, table, from, base);
    list.rows.forEach((row, i) => {
      seen.views[row] = view;
      seen.stores[row] = list.stores[i];
      seen.days[row] = list.days[i];
    });
  }
  return { table, base, cells: Int32Array.from(cells), seen };
}
