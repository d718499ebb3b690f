/**
 * Training rows shared by all origins of a backtest. A row depends on its own origin alone, and rows are ordered by
 * target day: what an earlier origin may learn from is a prefix of what the last one may.
 */
import type { Feature } from "../features/feature.ts";
import type { Panel } from "../panel.ts";
import { type RowScheme, type TrainingRows, trainingRows } from "./training-rows.ts";

export interface RowStore {
  /** The rows whose target day the panel has observed, computed at most once per scheme. */
  rowsOf(panel: Panel, scheme: RowScheme): TrainingRows;
}

/**
 * @param whole    the longest panel that will ask; shorter cuts of it share its rows when they end whole weeks earlier
 * @param firstDay rows of target days before this day index are left out
 */
export function createRowStore(whole: Panel, features: readonly Feature[], firstDay = 0): RowStore {
  const known = new Map<RowScheme, TrainingRows>();
  return {
    rowsOf(panel, scheme) {
      const isCut =
        panel.storeIds === whole.storeIds &&
        panel.firstDay === whole.firstDay &&
        panel.historyDays <= whole.historyDays &&
        (whole.historyDays - panel.historyDays) % 7 === 0;
      if (!isCut) return trainingRows(panel, features, scheme, firstDay);
      let rows = known.get(scheme);
      if (rows === undefined) {
        rows = trainingRows(whole, features, scheme, firstDay);
        known.set(scheme, rows);
      }
      return prefix(rows, panel.historyDays);
    },
  };
}

/** The rows with a target day before day index `end`; shares the memory of `rows`. */
function prefix(rows: TrainingRows, end: number): TrainingRows {
  let low = 0;
  let high = rows.days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.days[middle] < end) low = middle + 1;
    else high = middle;
  }
  return {
    table: {
      names: rows.table.names,
      columns: rows.table.columns.map((column) => column.subarray(0, low)),
      rows: low,
    },
    target: rows.target.subarray(0, low),
    base: rows.base.subarray(0, low),
    days: rows.days.subarray(0, low),
  };
}
