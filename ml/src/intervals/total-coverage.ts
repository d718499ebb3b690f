/**
 * Do the intervals of totals keep their promise? Each origin of the backtest is judged by the errors of the others alone, as if
 * it were the next window.
 */
import type { Panel } from "../panel.ts";
import type { TrainedModel } from "../trained-model.ts";
import { calendarWeeks } from "./calendar-weeks.ts";
import { type ErrorPath, totalBounds } from "./totals.ts";

/** Sums over the chain or a store type, by day or by calendar week. */
export interface TotalCoverage {
  /** null for the whole chain */
  storeType: string | null;
  span: "day" | "week";
  level: number;
  /** sums that were judged, and those inside of their interval */
  count: number;
  inside: number;
}

const LEVELS = [0.8, 0.9, 0.95];

/**
 * Coverage over the origins of the backtest that begin with the first day ahead; empty for a model that does not say what its
 * origins were, or has fewer than two.
 *
 * @param panel holds the sales of the origins' windows
 */
export function totalCoverage(panel: Panel, trained: TrainedModel): TotalCoverage[] {
  const windows = trained.paths.filter(({ from, origin }) => from === 1 && origin !== null);
  if (windows.length < 2) return [];
  const rowOf = new Map(Array.from(trained.storeIds, (id, row) => [id, row]));
  const rows = Int32Array.from(panel.storeIds, (id) => rowOf.get(id) ?? -1);
  const types = [null, ...new Set(panel.stores.storeType.filter((type) => type !== null))].sort();
  return types.flatMap((storeType) => {
    const stores = Array.from(panel.storeIds.keys()).filter(
      (s) => rows[s] >= 0 && (storeType === null || panel.stores.storeType[s] === storeType),
    );
    return (["day", "week"] as const).flatMap((span) => {
      const counted = LEVELS.map((level) => ({ storeType, span, level, count: 0, inside: 0 }));
      for (const window of windows) judge(panel, window, windows, stores, rows, counted);
      return counted;
    });
  });
}

function judge(
  panel: Panel,
  window: ErrorPath,
  windows: readonly ErrorPath[],
  stores: readonly number[],
  rows: Int32Array,
  counted: TotalCoverage[],
): void {
  const horizon = window.to;
  const firstDay = window.origin! + 1;
  const others = windows.filter((other) => other !== window);
  const ofStores = stores.map((s) => rows[s]);
  // What was forecast then, from what came and by how much it was missed.
  const actual = new Float64Array(stores.length * horizon);
  const forecast = new Float64Array(actual.length);
  stores.forEach((s, i) => {
    for (let h = 1; h <= horizon; h++) {
      const error = window.values[rows[s] * horizon + h - 1];
      if (Number.isNaN(error)) continue;
      const sales = panel.sales[s * panel.historyDays + firstDay + h - 1 - panel.firstDay];
      actual[i * horizon + h - 1] = sales;
      forecast[i * horizon + h - 1] = sales * Math.exp(-error);
    }
  });
  const spans =
    counted[0].span === "week"
      ? calendarWeeks(firstDay, horizon)
      : Array.from({ length: horizon }, (_, k) => ({ from: k + 1, to: k + 1 }));
  for (const days of spans) {
    let came = 0;
    for (let i = 0; i < stores.length; i++) {
      for (let h = days.from; h <= days.to; h++) came += actual[i * horizon + h - 1];
    }
    // A day on which every store was closed is 0 by the calendar.
    if (came === 0) continue;
    const boundsAt = totalBounds(others, ofStores, forecast, horizon, days);
    for (const cell of counted) {
      const { lower, upper } = boundsAt(cell.level);
      cell.count++;
      if (came >= lower && came <= upper) cell.inside++;
    }
  }
}
