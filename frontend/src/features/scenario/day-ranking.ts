import type { ScenarioPoint } from "../../lib/api-types.ts";

const SHOWN = 7;

/** Days on which the scenario gains most against the baseline, best first; days without a gain are none of them. */
export function upsideDays(points: readonly ScenarioPoint[], most = SHOWN): ScenarioPoint[] {
  return points
    .filter((point) => point.delta_sales > 0)
    .toSorted((a, b) => b.delta_sales - a.delta_sales)
    .slice(0, most);
}

/** The lowest that the difference of a day is expected to be: the lower end of its interval, else the difference itself. */
export const worstCase = (point: ScenarioPoint): number =>
  Math.min(point.delta_lower ?? point.delta_sales, point.delta_sales);

/** Days on which the scenario may sell less than the baseline, the deepest possible fall first. */
export function riskDays(points: readonly ScenarioPoint[], most = SHOWN): ScenarioPoint[] {
  return points
    .filter((point) => worstCase(point) < 0)
    .toSorted((a, b) => worstCase(a) - worstCase(b))
    .slice(0, most);
}
