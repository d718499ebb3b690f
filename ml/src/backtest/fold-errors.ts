import { type LogErrors, logErrors } from "../intervals/conformal.ts";
import type { ModelName } from "../model.ts";
import type { BacktestFold } from "./run-backtest.ts";

/** What a model got wrong in a fold, and of which days the calendar was known. */
export const foldErrors = (fold: BacktestFold, model: ModelName): LogErrors => ({
  ...logErrors(fold.actual, fold.forecasts.get(model)!, fold.horizon),
  knownDays: fold.knownDays,
});

/** The same of the forecasts that knew more or less of the calendar; null when there are none. */
export function otherwiseErrors(fold: BacktestFold, model: ModelName): LogErrors | null {
  if (fold.otherwise === null) return null;
  const { knownDays, forecasts } = fold.otherwise;
  return { ...logErrors(fold.actual, forecasts.get(model)!, fold.horizon), knownDays };
}
