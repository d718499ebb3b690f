import type { Panel } from "./panel.ts";
import type { StoreColumns } from "./panel-rows.ts";

/** The same days of some stores alone. @param indexes ascending, at least one */
export function selectStores(panel: Panel, indexes: Int32Array): Panel {
  const history = <T extends Float64Array>(cells: T) => pickRows(cells, indexes, panel.historyDays);
  const calendar = (cells: Uint8Array) => pickRows(cells, indexes, panel.calendarDays);
  const stores = selectColumns(panel.stores, indexes);
  return {
    ...panel,
    storeIds: stores.storeIds,
    stores,
    sales: history(panel.sales),
    customers: history(panel.customers),
    logSales: history(panel.logSales),
    open: calendar(panel.open),
    promo: calendar(panel.promo),
    schoolHoliday: calendar(panel.schoolHoliday),
    stateHoliday: calendar(panel.stateHoliday),
    basis: calendar(panel.basis),
  };
}

function pickRows<T extends Float64Array | Uint8Array>(cells: T, indexes: Int32Array, width: number): T {
  const picked = cells.slice(0, indexes.length * width) as T;
  indexes.forEach((s, i) => {
    picked.set(cells.subarray(s * width, (s + 1) * width), i * width);
  });
  return picked;
}

function selectColumns(columns: StoreColumns, indexes: Int32Array): StoreColumns {
  const picked = Object.entries(columns).map(([name, values]) => {
    const chosen = Array.from(indexes, (s) => values[s]);
    if (values instanceof Float64Array) return [name, Float64Array.from(chosen)];
    if (values instanceof Int32Array) return [name, Int32Array.from(chosen)];
    if (values instanceof Uint8Array) return [name, Uint8Array.from(chosen)];
    return [name, chosen];
  });
  return Object.fromEntries(picked) as StoreColumns;
}
