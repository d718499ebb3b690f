/**
 * The columnar feature table: one Float32Array per feature, a row per (origin, store, target day). Everything is taken
 * from a panel that ends at the origin, so that no row can know its future.
 */
import { GROUPS, groupOf } from "../baselines/store-weekday-promo-median.ts";
import type { Feature } from "./feature.ts";
import type { OriginView } from "./origin-view.ts";

export interface FeatureTable {
  names: readonly string[];
  /** one array per name, rows long */
  columns: Float32Array[];
  rows: number;
}

/** Names of all columns of some features, in their order. */
export const columnNames = (features: readonly Feature[]): string[] =>
  features.flatMap((feature) => feature.names);

export function createFeatureTable(features: readonly Feature[], rows: number): FeatureTable {
  const names = columnNames(features);
  return { names, columns: names.map(() => new Float32Array(rows)), rows };
}

/**
 * Fill rows of one origin.
 *
 * @param view   what is known at the origin
 * @param table  written at the given rows
 * @param stores store of each row, grouped: rows of a store lie together
 * @param days   day index of each row's target day
 * @param rows   where each row goes
 * @param base   written at the same rows: log sales of the store on days like the target day (base364), chain's when the
 *               store has none; what a residual is measured from
 */
export function fillFeatures(
  view: OriginView,
  features: readonly Feature[],
  table: FeatureTable,
  cells: { stores: Int32Array; days: Int32Array; rows: Int32Array },
  base: Float64Array,
): void {
  const { panel } = view;
  const values = new Float64Array(table.names.length);
  const places: number[] = [];
  let place = 0;
  for (const feature of features) {
    places.push(place);
    place += feature.names.length;
  }
  let lastStore = -1;
  for (let i = 0; i < cells.stores.length; i++) {
    const store = cells.stores[i];
    const t = cells.days[i];
    const row = cells.rows[i];
    for (let f = 0; f < features.length; f++) {
      const feature = features[f];
      if (feature.scope === "day") feature.compute(view, store, t, values, places[f]);
      else if (store !== lastStore) feature.compute(view, store, values, places[f]);
    }
    lastStore = store;
    for (let c = 0; c < values.length; c++) table.columns[c][row] = values[c];
    const group = groupOf(t, panel.promo[store * panel.calendarDays + t]);
    const own = view.base364.values[store * GROUPS + group];
    base[row] = Number.isNaN(own) ? view.base364.chain[group] : own;
  }
}
