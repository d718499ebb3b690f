import type { Override } from "../../lib/api-types.ts";

/** What a planner expects of a day, beside the model's figure. */
export interface Correction {
  sales: number;
  override: Override;
}

/** The corrections that hold, by day; where two speak of a day, the newer one. */
export function correctionsByDay(overrides: readonly Override[]): Map<string, Correction> {
  const byDay = new Map<string, Correction>();
  const oldestFirst = overrides
    .filter((override) => override.withdrawn_at === null)
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at) || a.override_id - b.override_id);
  for (const override of oldestFirst)
    for (const day of override.days) byDay.set(day.date, { sales: day.override_sales, override });
  return byDay;
}
