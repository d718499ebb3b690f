/**
 * Forecast the past again: at each origin every model sees what was known on that day (sales up to it, the calendar of
 * the days to come) and nothing else, and is fitted from scratch. No forecast is ever fed with a later observation.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DayNumber } from "@rossmann/core";
import { type AverageOf, geometricMean } from "../average.ts";
import { TrainingCancelledError } from "../errors.ts";
import { allStores, type FitOptions, type ForecastModel, type ModelName } from "../model.ts";
import { type Panel, truncatePanel } from "../panel.ts";

/** One origin: what every model said and what happened. All tables are stores x horizon. */
export interface BacktestFold {
  origin: DayNumber;
  horizon: number;
  /** observed sales; NaN where nothing is scored: closed, absent, open without sales, taken for closed, or before the first day asked for */
  actual: Float64Array;
  /** 1 on days of promotion */
  promo: Uint8Array;
  /** mean log sales of the year before the origin, per store; NaN for a store without any */
  size: Float64Array;
  forecasts: Map<ModelName, Float64Array>;
  /** days ahead whose calendar counted as known */
  knownDays: number;
  /** days that sold although the projected calendar took the store for closed: no model's fault, and not scored */
  unforeseen: number;
  /** what the models say of some stores when it is otherwise known how far the calendar reaches; NaN for the others */
  otherwise: { knownDays: number; forecasts: Map<ModelName, Float64Array> } | null;
}

export interface BacktestOptions extends Omit<FitOptions, "onProgress"> {
  origins: readonly DayNumber[];
  /** coming days whose calendar counts as known at an origin, default the horizon; later ones are projected */
  knownDays?: number;
  /**
   * Forecast once more with so many known days, for every so-manieth store at every so-manieth origin: what intervals of
   * such days are learned from.
   */
  otherwise?: { knownDays: number; everyStores: number; everyOrigins: number };
  /** candidates made of the models' forecasts */
  averages?: readonly AverageOf[];
  /** called while fits go on, with the share of all fits that is done (0–1) */
  onFit?: (share: number, model: ModelName, origin: DayNumber) => void;
}

const SIZE_WINDOW_DAYS = 364;

/**
 * Run every model at every origin.
 *
 * @returns one fold per origin, in the order given
 * @throws {TrainingCancelledError} when the signal fires
 */
export async function runBacktest(
  panel: Panel,
  models: readonly ForecastModel[],
  options: BacktestOptions,
): Promise<BacktestFold[]> {
  const folds: BacktestFold[] = [];
  const total = options.origins.length * models.length;
  for (const origin of options.origins) {
    const { horizon, from = 1 } = options;
    const knownDays = options.knownDays ?? horizon;
    const cut = truncatePanel(panel, origin, knownDays);
    const fold = emptyFold(panel, cut, origin, { from, to: horizon }, knownDays);
    const stores = allStores(cut);
    const otherwise =
      folds.length % (options.otherwise?.everyOrigins ?? 1) === 0 ? options.otherwise : undefined;
    const other = otherwise && truncatePanel(panel, origin, otherwise.knownDays);
    if (otherwise) fold.otherwise = { knownDays: otherwise.knownDays, forecasts: new Map() };
    for (const model of models) {
      if (options.signal?.aborted) throw new TrainingCancelledError();
      const done = folds.length * models.length + fold.forecasts.size;
      const onProgress = (share: number) => options.onFit?.((done + share) / total, model.name, origin);
      onProgress(0);
      const fitted = await model.fit(cut, { ...options, onProgress });
      fold.forecasts.set(model.name, fitted.forecast(cut, stores, horizon, from));
      if (otherwise === undefined || other === undefined || fold.otherwise === null) continue;
      const some = stores.filter((s) => s % otherwise.everyStores === 0);
      const forecast = fitted.forecast(other, some, horizon, from);
      fold.otherwise.forecasts.set(model.name, spread(forecast, some, stores.length, horizon));
    }
    for (const { name, members } of options.averages ?? []) {
      const weights = members.map((member) => member.weight);
      for (const { forecasts } of fold.otherwise === null ? [fold] : [fold, fold.otherwise]) {
        const parts = members.map((member) => forecasts.get(member.name)!);
        forecasts.set(name, geometricMean(parts, weights));
      }
    }
    folds.push(fold);
    // A cancel, a heartbeat and a progress line get their turn.
    await nextTurn();
  }
  return folds;
}

/** Rows of some stores at the places of these stores among all; NaN elsewhere. */
function spread(rows: Float64Array, storeIndexes: Int32Array, stores: number, width: number): Float64Array {
  const out = new Float64Array(stores * width).fill(NaN);
  storeIndexes.forEach((s, i) => {
    out.set(rows.subarray(i * width, (i + 1) * width), s * width);
  });
  return out;
}

function emptyFold(
  panel: Panel,
  cut: Panel,
  origin: DayNumber,
  asked: { from: number; to: number },
  knownDays: number,
): BacktestFold {
  const horizon = asked.to;
  const n = panel.storeIds.length;
  const actual = new Float64Array(n * horizon).fill(NaN);
  const promo = new Uint8Array(n * horizon);
  const size = new Float64Array(n);
  let unforeseen = 0;
  for (let s = 0; s < n; s++) {
    for (let h = 1; h <= horizon; h++) {
      const t = cut.historyDays - 1 + h;
      promo[s * horizon + h - 1] = panel.promo[s * panel.calendarDays + t];
      if (h < asked.from || t >= panel.historyDays) continue;
      const cell = s * panel.historyDays + t;
      if (Number.isNaN(panel.logSales[cell])) continue;
      if (cut.open[s * cut.calendarDays + t] === 1) actual[s * horizon + h - 1] = panel.sales[cell];
      else unforeseen++;
    }
    let sum = 0;
    let days = 0;
    for (let t = Math.max(0, cut.historyDays - SIZE_WINDOW_DAYS); t < cut.historyDays; t++) {
      const value = cut.logSales[s * cut.historyDays + t];
      if (Number.isNaN(value)) continue;
      sum += value;
      days++;
    }
    size[s] = days === 0 ? NaN : sum / days;
  }
  return {
    origin,
    horizon,
    actual,
    promo,
    size,
    forecasts: new Map(),
    knownDays,
    unforeseen,
    otherwise: null,
  };
}
