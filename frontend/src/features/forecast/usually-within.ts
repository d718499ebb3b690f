import type { ForecastAccuracy } from "../../lib/api-types.ts";
import { percentWhole } from "../../lib/format.ts";

/** "usually within 9%": the median error of an open day in the backtest; null when there was none. Never "within 0%". */
export function usuallyWithin(
  accuracy: Pick<ForecastAccuracy, "typical_error_pct"> | undefined,
): string | null {
  const error = accuracy?.typical_error_pct ?? null;
  return error === null ? null : `usually within ${percentWhole(Math.max(1, Math.ceil(error)) / 100)}`;
}
