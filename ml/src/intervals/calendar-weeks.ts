import { type DayNumber, weekday } from "@rossmann/core";

/** Days ahead, from 1, both included. */
export interface Week {
  from: number;
  to: number;
}

/** The calendar weeks of a horizon, Monday to Sunday; the first and the last one may be shorter. */
export function calendarWeeks(firstDay: DayNumber, horizon: number): Week[] {
  const weeks: Week[] = [];
  for (let from = 1; from <= horizon; ) {
    const to = Math.min(horizon, from + 7 - weekday(firstDay + from - 1));
    weeks.push({ from, to });
    from = to + 1;
  }
  return weeks;
}
