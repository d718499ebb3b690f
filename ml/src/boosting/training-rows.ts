/**
 * Which (origin, store, target day) become rows of the boosting models. Origins lie a week apart, counted back from the
 * panel's own origin F, so that a forecast meets the same weekdays ahead as the training did.
 *
 * - *stagger*: every store-day is used once; of the six origins that see it within 42 days a hash picks one. The model
 *   learns all distances at once, from features as fresh as each distance allows.
 * - *month ahead*: every store-day is used once, seen from the origin 36 to 42 days before it. At forecast time six
 *   origins F − 35 … F are put together, so that every target day is again 36 to 42 days ahead.
 *
 * Rows are ordered by target day: what was known at an earlier origin is a prefix.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { TrainingCancelledError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { createFeatureTable, type FeatureTable, fillFeatures } from "../features/feature-table.ts";
import { originView } from "../features/origin-view.ts";
import { type Panel, truncatePanel } from "../panel.ts";

export type RowScheme = "stagger" | "month_ahead";

export const ROW_HORIZON = 42;
const WEEK_DAYS = 7;
/** Statistics of the first weeks of a history say little. */
const LEAST_HISTORY_DAYS = 90;
const ORIGINS_IN_SIGHT = ROW_HORIZON / WEEK_DAYS;

export interface TrainingRows {
  table: FeatureTable;
  /** log sales of each row */
  target: Float64Array;
  /** log sales of the store on days like the target day, as of the row's origin */
  base: Float64Array;
  /** day index of each row's target day, ascending */
  days: Int32Array;
}

/** Picks one of six origins for a store-day, evenly and for ever the same. */
export function pickOf6(storeId: number, day: number): number {
  let x = Math.imul(storeId, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) % ORIGINS_IN_SIGHT;
}

/** End (first day index after the origin) of the origin from which a scheme sees a target day; −1 when there is none. */
function endFor(panel: Panel, scheme: RowScheme, store: number, t: number): number {
  const phase = panel.historyDays % WEEK_DAYS;
  // Latest weekly end that is not after t.
  const latest = t - ((((t - phase) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
  const back =
    scheme === "month_ahead" ? ORIGINS_IN_SIGHT - 1 : pickOf6(panel.storeIds[store], panel.firstDay + t);
  const end = latest - back * WEEK_DAYS;
  return end < LEAST_HISTORY_DAYS ? -1 : end;
}

/**
 * Every observed store-day with sales that a scheme can use, with its features; one set of rows per scheme. What an
 * origin knows is worked out once for all schemes.
 *
 * @throws {TrainingCancelledError} when the signal fires
 */
export async function trainingRows(
  panel: Panel,
  features: readonly Feature[],
  schemes: readonly RowScheme[],
  signal?: AbortSignal,
): Promise<TrainingRows[]> {
  const plans = schemes.map((scheme) => planRows(panel, scheme));
  const sets = plans.map(({ target, days }) => ({
    table: createFeatureTable(features, target.length),
    target: Float64Array.from(target),
    base: new Float64Array(target.length),
    days: Int32Array.from(days),
  }));
  for (const end of new Set(plans.flatMap((plan) => [...plan.perEnd.keys()]))) {
    // A hundred origins take half a minute: a cancel and the training's heartbeat get their turn in between.
    await nextTurn();
    if (signal?.aborted) throw new TrainingCancelledError();
    const view = originView(truncatePanel(panel, panel.firstDay + end - 1, ROW_HORIZON, ROW_HORIZON));
    plans.forEach(({ perEnd }, k) => {
      const cells = perEnd.get(end);
      if (cells !== undefined) fillFeatures(view, features, sets[k].table, groupByStore(cells), sets[k].base);
    });
  }
  return sets;
}

interface Cells {
  stores: number[];
  days: number[];
  rows: number[];
}

interface RowPlan {
  target: number[];
  days: number[];
  /** rows by the end of the origin they are seen from */
  perEnd: Map<number, Cells>;
}

function planRows(panel: Panel, scheme: RowScheme): RowPlan {
  const { historyDays, logSales } = panel;
  const plan: RowPlan = { target: [], days: [], perEnd: new Map() };
  for (let t = 0; t < historyDays; t++) {
    for (let s = 0; s < panel.storeIds.length; s++) {
      const y = logSales[s * historyDays + t];
      if (Number.isNaN(y)) continue;
      const end = endFor(panel, scheme, s, t);
      if (end < 0) continue;
      let cells = plan.perEnd.get(end);
      if (cells === undefined) {
        cells = { stores: [], days: [], rows: [] };
        plan.perEnd.set(end, cells);
      }
      cells.stores.push(s);
      cells.days.push(t);
      cells.rows.push(plan.target.length);
      plan.target.push(y);
      plan.days.push(t);
    }
  }
  return plan;
}

/** Features of a store are worked out once per origin when its rows lie together. */
function groupByStore(cells: Cells) {
  const order = cells.stores.map((_, i) => i).sort((a, b) => cells.stores[a] - cells.stores[b] || a - b);
  return {
    stores: Int32Array.from(order, (i) => cells.stores[i]),
    days: Int32Array.from(order, (i) => cells.days[i]),
    rows: Int32Array.from(order, (i) => cells.rows[i]),
  };
}
