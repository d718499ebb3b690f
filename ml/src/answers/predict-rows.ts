/** Forecasts of given store-days, whose calendar counts as known. */
import { isoDate } from "@rossmann/core";
import { HorizonError, UnknownStoreError } from "../errors.ts";
import { keptViews } from "../features/origin-views.ts";
import { allStores } from "../model.ts";
import { LONGEST_HORIZON, originOf } from "../panel.ts";
import type { CalendarRows } from "../panel-rows.ts";
import { forecastPoints } from "../trained-model.ts";
import { withKnownDays } from "../with-known-days.ts";
import type { Bench, ForecastStamp } from "./bench.ts";
import { boundsOf } from "./store-points.ts";

/** Columns in the order of the rows that were asked for. */
export interface PredictedRows extends Omit<ForecastStamp, "horizon" | "level"> {
  sales: Float64Array;
  lower80: Float64Array;
  upper80: Float64Array;
  lower90: Float64Array;
  upper90: Float64Array;
  lower95: Float64Array;
  upper95: Float64Array;
}

/**
 * @throws {UnknownStoreError}
 * @throws {HorizonError} for a day outside of the 180 days after the origin
 */
export function predictRows(bench: Bench, dataSourceId: number, rows: CalendarRows): PredictedRows {
  const unknown = new Set(Array.from(rows.storeIds).filter((id) => !bench.storeIndex.has(id)));
  if (unknown.size > 0) throw new UnknownStoreError([...unknown]);
  const origin = originOf(bench.panel);
  let horizon = 1;
  for (const day of rows.dayNumbers) {
    const ahead = day - origin;
    if (ahead < 1 || ahead > LONGEST_HORIZON) throw new HorizonError(ahead, LONGEST_HORIZON);
    if (ahead > horizon) horizon = ahead;
  }
  const panel = withKnownDays(bench.panel, rows);
  // Every part of the model looks back at the same origins.
  const points = forecastPoints(bench.trained, panel, allStores(panel), horizon, keptViews(panel));
  const columns = () => new Float64Array(rows.storeIds.length);
  const predicted = {
    sales: columns(),
    lower80: columns(),
    upper80: columns(),
    lower90: columns(),
    upper90: columns(),
    lower95: columns(),
    upper95: columns(),
  };
  const bounds = new Map<number, Float64Array[]>();
  for (let i = 0; i < rows.storeIds.length; i++) {
    const store = bench.storeIndex.get(rows.storeIds[i])!;
    const own = points.subarray(store * horizon, (store + 1) * horizon);
    let of = bounds.get(store);
    if (of === undefined) {
      of = [0.8, 0.9, 0.95].flatMap((level) => {
        const { lower, upper } = boundsOf(bench, store, own, level, panel);
        return [lower, upper];
      });
      bounds.set(store, of);
    }
    const k = rows.dayNumbers[i] - origin - 1;
    predicted.sales[i] = own[k];
    predicted.lower80[i] = of[0][k];
    predicted.upper80[i] = of[1][k];
    predicted.lower90[i] = of[2][k];
    predicted.upper90[i] = of[3][k];
    predicted.lower95[i] = of[4][k];
    predicted.upper95[i] = of[5][k];
  }
  return {
    dataSourceId,
    origin: isoDate(origin),
    modelVersion: bench.version,
    modelType: bench.modelType,
    ...predicted,
  };
}
