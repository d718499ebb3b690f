/**
 * Training rows shared by all origins of a backtest. A row depends on its own origin alone, and rows are ordered by
 * target day: what an earlier origin may learn from is a prefix of what the last one may.
 */
import type { Feature } from "../features/feature.ts";
import { originOf, type Panel, truncatePanel } from "../panel.ts";
import { selectStores } from "../select-stores.ts";
import { ROW_HORIZON, type RowScheme, reachOf } from "./row-scheme.ts";
import { type TrainingRows, trainingRows } from "./training-rows.ts";

export interface RowStore {
  /** The rows whose target day the panel has observed, one set per scheme. */
  rowsOf(panel: Panel, signal?: AbortSignal): Promise<Map<RowScheme, TrainingRows>>;
}

/**
 * @param whole     the longest panel that will ask; cuts of it that end whole weeks earlier share its rows
 * @param schemes   of one reach
 * @param maxStores with more stores than this, every k-th one teaches for all
 */
export function createRowStore(
  whole: Panel,
  features: readonly Feature[],
  schemes: readonly RowScheme[],
  maxStores = Infinity,
): RowStore {
  const n = whole.storeIds.length;
  const step = Math.max(1, Math.ceil(n / maxStores));
  const teachers = Int32Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
  const teaching = (panel: Panel) => (step === 1 ? panel : selectStores(panel, teachers));
  const compute = async (panel: Panel, signal?: AbortSignal) => {
    const sets = await trainingRows(teaching(panel), features, schemes, signal);
    return new Map(schemes.map((scheme, k) => [scheme, sets[k]]));
  };
  let known: Map<RowScheme, TrainingRows> | null = null;
  return {
    async rowsOf(panel, signal) {
      const isCut =
        panel.storeIds === whole.storeIds &&
        panel.firstDay === whole.firstDay &&
        panel.historyDays <= whole.historyDays &&
        (whole.historyDays - panel.historyDays) % 7 === 0;
      if (!isCut) return compute(panel, signal);
      // Cut once: the panel's own coming days are of no use here, and every origin would copy them.
      known ??= await compute(
        truncatePanel(whole, originOf(whole), ROW_HORIZON, reachOf(schemes[0]).to),
        signal,
      );
      return new Map([...known].map(([scheme, rows]) => [scheme, prefix(rows, panel.historyDays)]));
    },
  };
}

/** The rows with a target day before day index `end`; shares the memory of `rows`. */
const prefix = (rows: TrainingRows, end: number): TrainingRows => rowsBetween(rows, 0, end);

/** The rows with a target day from day index `begin` on and before `end`; shares the memory of `rows`. */
export function rowsBetween(rows: TrainingRows, begin: number, end: number): TrainingRows {
  const [low, high] = [firstRowFrom(rows.days, begin), firstRowFrom(rows.days, end)];
  return {
    table: {
      names: rows.table.names,
      columns: rows.table.columns.map((column) => column.subarray(low, high)),
      rows: high - low,
    },
    target: rows.target.subarray(low, high),
    base: rows.base.subarray(low, high),
    days: rows.days.subarray(low, high),
  };
}

function firstRowFrom(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
