/** The rows that teach boosting models, ordered by target day: what was known at an earlier origin is a prefix. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { TrainingCancelledError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { createFeatureTable, type FeatureTable, fillFeatures } from "../features/feature-table.ts";
import { originView } from "../features/origin-view.ts";
import { type Panel, truncatePanel } from "../panel.ts";
import { endFor, knownDaysOf, type RowScheme, reachOf } from "./row-scheme.ts";

export interface TrainingRows {
  table: FeatureTable;
  /** log sales of each row */
  target: Float64Array;
  /** log sales of the store on days like the target day, as of the row's origin */
  base: Float64Array;
  /** day index of each row's target day, ascending */
  days: Int32Array;
}

/**
 * Every observed store-day with sales that a scheme can use, with its features; one set of rows per scheme. What an
 * origin knows is worked out once for all schemes.
 *
 * @param schemes of one reach
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
    const [scheme] = schemes;
    const knownDays = knownDaysOf(panel, scheme, end);
    const view = originView(truncatePanel(panel, panel.firstDay + end - 1, knownDays, reachOf(scheme).to));
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
