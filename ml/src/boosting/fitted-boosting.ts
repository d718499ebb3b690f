/** Trained parts put together: the geometric mean of those that reach a day is its forecast. */
import { addBoostingDrivers } from "../drivers/boosting-drivers.ts";
import { DRIVER_COUNT } from "../drivers/driver-groups.ts";
import { ArtifactError } from "../errors.ts";
import type { Feature } from "../features/feature.ts";
import { columnNames, type FeatureTable } from "../features/feature-table.ts";
import { FAR_FEATURES, NEAR_FEATURES } from "../features/index.ts";
import type { OriginViews } from "../features/origin-views.ts";
import { RIDGE_FORECAST } from "../features/ridge-forecast.ts";
import {
  columnCount,
  type ObliviousModel,
  predictionValuesChange,
  predictRaw,
  readModel,
  writeModel,
} from "../gbdt/index.ts";
import { type FittedModel, type JsonValue, MAX_SALES } from "../model.ts";
import type { Panel } from "../panel.ts";
import { forecastRows } from "./forecast-rows.ts";
import { FAR, NEAR, type Reach, type RowScheme, reachOf } from "./row-scheme.ts";

/** What a part's trees correct: the store's usual day (base364), what the hierarchical ridge says of the day, or nothing. */
export type PartBase = "usual_day" | "ridge" | "nothing";

export interface PartSettings {
  scheme: RowScheme;
  base: PartBase;
}

export interface Part extends PartSettings {
  model: ObliviousModel;
}

const SCHEMES: readonly unknown[] = ["stagger", "month_ahead", "far"] satisfies RowScheme[];
const BASES: readonly unknown[] = ["usual_day", "ridge", "nothing"] satisfies PartBase[];

/** Does something name a scheme and a base that this version knows? */
export function isPart(value: unknown): value is PartSettings {
  const part = value as Partial<PartSettings> | null;
  return typeof value === "object" && SCHEMES.includes(part?.scheme) && BASES.includes(part?.base);
}

export const featuresOf = (scheme: RowScheme): readonly Feature[] =>
  reachOf(scheme) === FAR ? FAR_FEATURES : NEAR_FEATURES;

/** Log sales that a part's trees start from, per row. */
export function startOf(base: PartBase, table: FeatureTable, usualDay: Float64Array): Float64Array {
  if (base === "usual_day") return usualDay;
  if (base === "nothing") return new Float64Array(usualDay.length);
  const ridge = table.columns[table.names.indexOf(RIDGE_FORECAST)];
  return usualDay.map((value, i) => value + (Number.isNaN(ridge[i]) ? 0 : ridge[i]));
}

export function fittedBoosting(parts: readonly Part[]): FittedModel {
  return {
    name: "boosting",
    forecast(panel, storeIndexes, horizon, from = 1, views) {
      const out = new Float64Array(storeIndexes.length * horizon);
      for (const reach of [NEAR, FAR]) {
        const days = { from: Math.max(from, reach.from), to: Math.min(horizon, reach.to) };
        if (days.from > days.to) continue;
        const answering = parts.filter((part) => reachOf(part.scheme) === reach);
        forecastDays(panel, storeIndexes, answering, days, out, horizon, views);
      }
      return out;
    },
    explain(panel, storeIndexes, horizon, from = 1, views) {
      const logs = new Float64Array(storeIndexes.length * horizon * DRIVER_COUNT);
      for (const reach of [NEAR, FAR]) {
        const days = { from: Math.max(from, reach.from), to: Math.min(horizon, reach.to) };
        if (days.from > days.to) continue;
        const answering = parts.filter((part) => reachOf(part.scheme) === reach);
        addBoostingDrivers(panel, storeIndexes, answering, days, horizon, logs, views);
      }
      return logs;
    },
    parameters: () => ({
      parts: parts.map(({ scheme, base, model }) => ({
        scheme,
        base,
        columns: columnNames(featuresOf(scheme)),
        catboost: writeModel(model, JSON.stringify({ scheme, base })),
      })),
    }),
    importance: () => importanceOf(parts),
  };
}

/** Writes the open days among `days`. Without a part that reaches them they are NaN, so that no choice falls on them. */
function forecastDays(
  panel: Panel,
  storeIndexes: Int32Array,
  parts: readonly Part[],
  days: Reach,
  out: Float64Array,
  horizon: number,
  views?: OriginViews,
): void {
  const width = days.to - days.from + 1;
  const logs = new Float64Array(storeIndexes.length * width);
  for (const scheme of new Set(parts.map((part) => part.scheme))) {
    const { table, base, cells } = forecastRows(panel, featuresOf(scheme), scheme, storeIndexes, days, views);
    if (cells.length === 0) continue;
    for (const part of parts) {
      if (part.scheme !== scheme) continue;
      const start = startOf(part.base, table, base);
      // Trees from elsewhere may know fewer columns; their names were compared when they were read.
      const raw = predictRaw(part.model, table.columns.slice(0, columnCount(part.model)));
      for (let i = 0; i < cells.length; i++) logs[cells[i]] += (start[i] + raw[i]) / parts.length;
    }
  }
  for (let i = 0; i < storeIndexes.length; i++) {
    const row = storeIndexes[i] * panel.calendarDays + panel.historyDays;
    for (let h = days.from; h <= days.to; h++) {
      if (panel.open[row + h - 1] !== 1) continue;
      const log = logs[i * width + h - days.from];
      out[i * horizon + h - 1] = parts.length === 0 ? NaN : Math.min(MAX_SALES, Math.exp(log));
    }
  }
}

/** @throws {ArtifactError} when it was trained on other features, or its trees cannot be read */
export const restoreBoosting = (parameters: JsonValue): FittedModel =>
  fittedBoosting(boostingParts(parameters));

/** The parts that `parameters` of a fitted boosting model tells of. Throws as {@link restoreBoosting}. */
export function boostingParts(parameters: JsonValue): Part[] {
  const given = parameters as { [name: string]: JsonValue };
  if (!Array.isArray(given.parts)) throw new ArtifactError("the boosted trees are missing");
  // Older files tell the columns once for all parts.
  return given.parts.map((part) => restorePart({ columns: given.columns, ...part }));
}

function restorePart(given: PartSettings & { columns: string[]; catboost: string }): Part {
  const { scheme, base } = given;
  if (!isPart(given)) {
    throw new ArtifactError(
      `its trees answer for "${scheme}" from "${base}", which this version does not know`,
    );
  }
  if (JSON.stringify(given.columns) !== JSON.stringify(columnNames(featuresOf(scheme)))) {
    throw new ArtifactError("the boosted trees were trained on other features than this version computes");
  }
  return { scheme, base, model: readModel(given.catboost, { needsChecksum: true }) };
}

/** Mean PredictionValuesChange over the parts of the coming days, in percent; columns that no tree uses are left out. */
function importanceOf(all: readonly Part[]): { feature: string; importance: number }[] {
  const near = all.filter((part) => reachOf(part.scheme) === NEAR);
  const parts = near.length > 0 ? near : all;
  const sums = new Map<string, number>();
  for (const { scheme, model } of parts) {
    const names = columnNames(featuresOf(scheme));
    // Columns by the model's own flat index: a model lists the features that its trees use.
    predictionValuesChange(model).forEach((value, column) => {
      sums.set(names[column], (sums.get(names[column]) ?? 0) + value / parts.length);
    });
  }
  return [...sums]
    .filter(([, importance]) => importance > 0)
    .map(([feature, importance]) => ({ feature, importance }))
    .sort((a, b) => b.importance - a.importance);
}
