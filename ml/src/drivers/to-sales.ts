/**
 * From contributions to log sales to contributions to sales. The level is what the store would sell on a day without any other
 * cause; the rest of the forecast is shared out among the other causes in proportion to their logs:
 *
 * ```
 *   level = exp(log of level)      cause = (forecast − level) · log of cause / (log of forecast − log of level)
 * ```
 *
 * The factor is the logarithmic mean of forecast and level: it is positive, so that a cause never changes its sign, and the
 * parts add up exactly.
 *
 * Source: Ang (2005), "The LMDI approach to decomposition analysis", Energy Policy 33, additive form.
 */
import { DRIVER_COUNT, DRIVERS, type Drivers, LEVEL } from "./driver-groups.ts";

/** @param logs contributions to the log of an open day in the order of DRIVERS, from `at` on */
export function driversInSales(forecast: number, logs: Float64Array, at: number): Drivers {
  let ratio = 0;
  for (let k = 0; k < DRIVER_COUNT; k++) if (k !== LEVEL) ratio += logs[at + k];
  const factor = logarithmicMean(forecast, ratio);
  const drivers = {} as Drivers;
  let others = 0;
  for (let k = 0; k < DRIVER_COUNT; k++) {
    if (k === LEVEL) continue;
    drivers[DRIVERS[k]] = factor * logs[at + k];
    others += drivers[DRIVERS[k]];
  }
  // Not exp(log of level): so the parts add up to the last digit, and what a model was held back by is the level's.
  return { ...drivers, level: forecast - others };
}

/** Logarithmic mean of y and y · exp(−ratio). */
function logarithmicMean(y: number, ratio: number): number {
  return Math.abs(ratio) < 1e-9 ? y : (y * -Math.expm1(-ratio)) / ratio;
}
