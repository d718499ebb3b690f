/** Contributions of every cause to the trained model's forecast. */
import type { OriginViews } from "../features/origin-views.ts";
import type { FittedModel } from "../model.ts";
import type { Panel } from "../panel.ts";
import type { TrainedModel } from "../trained-model.ts";
import { DRIVER_COUNT, type Drivers, LEVEL } from "./driver-groups.ts";
import { driversInSales } from "./to-sales.ts";

/**
 * What each open day's forecast is made of. The seven parts of a day add up to its forecast.
 *
 * @param points m x horizon, what `forecastPoints` says of the same question
 * @returns m x horizon; null on closed days
 */
export function forecastDrivers(
  trained: TrainedModel,
  panel: Panel,
  storeIndexes: Int32Array,
  horizon: number,
  points: Float64Array,
  views?: OriginViews,
): (Drivers | null)[] {
  const drivers: (Drivers | null)[] = Array.from(points, () => null);
  let from = 1;
  for (const part of trained.parts) {
    if (from > horizon) break;
    const to = Math.min(part.to, horizon);
    const logs = new Float64Array(storeIndexes.length * to * DRIVER_COUNT);
    // The geometric mean of models is the mean of their logs, and so are its causes.
    for (const { name, weight } of part.members) {
      const own = explain(trained.models.get(name)!, panel, storeIndexes, to, from, views);
      for (let i = 0; i < logs.length; i++) logs[i] += weight * own[i];
    }
    for (let i = 0; i < storeIndexes.length; i++) {
      for (let h = from; h <= to; h++) {
        const place = i * horizon + h - 1;
        if (points[place] > 0) {
          drivers[place] = driversInSales(points[place], logs, (i * to + h - 1) * DRIVER_COUNT);
        }
      }
    }
    from = to + 1;
  }
  return drivers;
}

/** Of a model that cannot tell causes everything is the store's level. */
function explain(
  model: FittedModel,
  panel: Panel,
  storeIndexes: Int32Array,
  horizon: number,
  from: number,
  views: OriginViews | undefined,
): Float64Array {
  if (model.explain !== undefined) return model.explain(panel, storeIndexes, horizon, from, views);
  const forecast = model.forecast(panel, storeIndexes, horizon, from, views);
  const logs = new Float64Array(forecast.length * DRIVER_COUNT);
  for (let cell = 0; cell < forecast.length; cell++) {
    if (forecast[cell] > 0) logs[cell * DRIVER_COUNT + LEVEL] = Math.log(forecast[cell]);
  }
  return logs;
}
