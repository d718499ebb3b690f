/** What the boosted trees' forecast is made of: where each part starts from, and what its trees add to that. */
import { featuresOf, type Part } from "../boosting/fitted-boosting.ts";
import { type ForecastRows, forecastRows } from "../boosting/forecast-rows.ts";
import type { Reach } from "../boosting/row-scheme.ts";
import { columnNames } from "../features/feature-table.ts";
import type { OriginViews } from "../features/origin-views.ts";
import { RIDGE_FORECAST, ridgeDriversOf } from "../features/ridge-forecast.ts";
import { type GroupedShap, groupedShap } from "../gbdt/grouped-shap.ts";
import { columnCount, type ObliviousModel } from "../gbdt/index.ts";
import type { Panel } from "../panel.ts";
import { closingCause } from "./closing-cause.ts";
import { CLOSING_COLUMNS, DRIVER_COUNT, driverOf, LEVEL } from "./driver-groups.ts";
import { addUsualDay, mediansOf, mondayOf } from "./usual-day.ts";

/** The trees' use of the ridge's forecast is a group of its own, until it is handed on to the causes the ridge names. */
const RIDGE = DRIVER_COUNT;
/** So is their use of closed days around, until the day says whether those are holidays or Sundays. */
const CLOSING = DRIVER_COUNT + 1;
const GROUP_COUNT = DRIVER_COUNT + 2;

/**
 * Adds the log contributions of the open days among `days`.
 *
 * @param parts those that answer for the days; each counts alike
 * @param out   m x horizon x causes
 */
export function addBoostingDrivers(
  panel: Panel,
  storeIndexes: Int32Array,
  parts: readonly Part[],
  days: Reach,
  horizon: number,
  out: Float64Array,
  views: OriginViews | undefined,
): void {
  const width = days.to - days.from + 1;
  for (const scheme of new Set(parts.map((part) => part.scheme))) {
    const rows = forecastRows(panel, featuresOf(scheme), scheme, storeIndexes, days, views);
    if (rows.cells.length === 0) continue;
    const ridge = ridgeLogs(rows);
    const usual = usualLogs(rows);
    for (const part of parts) {
      if (part.scheme !== scheme) continue;
      const trees = explainerOf(part)(rows.table.columns);
      for (let row = 0; row < rows.cells.length; row++) {
        const cell = rows.cells[row];
        const place = Math.floor(cell / width) * horizon + days.from - 1 + (cell % width);
        const at = place * DRIVER_COUNT;
        addRow(part, row, trees, usual, ridge, 1 / parts.length, out, at);
        const cause = closingCause(rows.seen.views[row].panel, rows.seen.stores[row], rows.seen.days[row]);
        out[at + cause] += trees.values[row * GROUP_COUNT + CLOSING] / parts.length;
      }
    }
  }
}

function addRow(
  part: Part,
  row: number,
  trees: GroupedShap,
  usual: Float64Array,
  ridge: Float64Array,
  weight: number,
  out: Float64Array,
  at: number,
): void {
  const first = row * DRIVER_COUNT;
  const start = part.base === "ridge" ? ridge : usual;
  let distance = 0;
  for (let k = 0; k < DRIVER_COUNT; k++) {
    out[at + k] += weight * (start[first + k] + trees.values[row * GROUP_COUNT + k]);
    distance += Math.abs(ridge[first + k] - usual[first + k]);
  }
  out[at + LEVEL] += weight * trees.base;
  // The column holds what the ridge says beyond the usual day; its share goes where that difference comes from.
  const ofRidge = weight * trees.values[row * GROUP_COUNT + RIDGE];
  if (distance === 0) out[at + LEVEL] += ofRidge;
  else {
    for (let k = 0; k < DRIVER_COUNT; k++) {
      out[at + k] += (ofRidge * Math.abs(ridge[first + k] - usual[first + k])) / distance;
    }
  }
}

/** rows x causes: the usual day of each row, as its origin knows it */
function usualLogs({ seen }: ForecastRows): Float64Array {
  const logs = new Float64Array(seen.stores.length * DRIVER_COUNT);
  for (let row = 0; row < seen.stores.length; row++) {
    const { panel, base364 } = seen.views[row];
    const store = seen.stores[row];
    const t = seen.days[row];
    const medians = mediansOf(base364.values, base364.chain, store);
    const promo = panel.promo[store * panel.calendarDays + t];
    addUsualDay(medians, mondayOf(panel.firstDay), t, promo, 1, logs, row * DRIVER_COUNT);
  }
  return logs;
}

/** rows x causes: what the ridge of each row's origin says; the usual day where it says nothing. */
function ridgeLogs(rows: ForecastRows): Float64Array {
  const { seen, table } = rows;
  const column = table.columns[table.names.indexOf(RIDGE_FORECAST)];
  const logs = usualLogs(rows);
  for (let row = 0; row < seen.stores.length; row++) {
    if (Number.isNaN(column[row])) continue;
    const own = ridgeDriversOf(seen.views[row], seen.stores[row], seen.days[row]);
    logs.set(own, row * DRIVER_COUNT);
  }
  return logs;
}

function groupOf(column: string): number {
  if (column === RIDGE_FORECAST) return RIDGE;
  if (CLOSING_COLUMNS.includes(column)) return CLOSING;
  return driverOf(column) ?? LEVEL;
}

const explainers = new WeakMap<ObliviousModel, ReturnType<typeof groupedShap>>();

function explainerOf({ model, scheme }: Part): ReturnType<typeof groupedShap> {
  let explainer = explainers.get(model);
  if (explainer === undefined) {
    const names = columnNames(featuresOf(scheme));
    const groups = names.slice(0, columnCount(model)).map(groupOf);
    explainer = groupedShap(model, groups, GROUP_COUNT);
    explainers.set(model, explainer);
  }
  return explainer;
}
