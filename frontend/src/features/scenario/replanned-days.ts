import type { CalendarDay } from "../../lib/api-types.ts";
import type { DayChange } from "./draft.ts";

export type DayField = "open" | "promo" | "school";

/** What the plan says of a day. */
export const plannedFlag = (day: CalendarDay, field: DayField): boolean =>
  (field === "school" ? day.school_holiday : day[field]) === 1;

/** The changes with one more; a tick that says what the plan says is no change, and a day without one is left out. */
export function withChange(
  changes: readonly DayChange[],
  day: CalendarDay,
  field: DayField,
  isOn: boolean,
): DayChange[] {
  const before = changes.find((change) => change.date === day.date) ?? {
    date: day.date,
    open: null,
    promo: null,
    school: null,
  };
  const value = isOn === plannedFlag(day, field) ? null : isOn ? 1 : 0;
  const after: DayChange = { ...before, [field]: value };
  const others = changes.filter((change) => change.date !== day.date);
  if (after.open === null && after.promo === null && after.school === null) return others;
  return [...others, after].toSorted((a, b) => a.date.localeCompare(b.date));
}
