import { addDays, type Day, weekdayOf } from "../../lib/days.ts";

/** A calendar week as far as a forecast reaches into it. */
export interface Week {
  /** Its Monday, which names it. */
  monday: Day;
  from: Day;
  to: Day;
  /** 7, or fewer in a week that the forecast begins or ends in. */
  days: number;
}

/** The calendar weeks (Monday to Sunday) of days in time order. No days, no weeks. */
export function weeksOf(days: readonly Day[]): Week[] {
  const weeks: Week[] = [];
  for (const day of days) {
    const monday = mondayOf(day);
    const last = weeks.at(-1);
    if (last?.monday === monday) {
      last.to = day;
      last.days += 1;
    } else weeks.push({ monday, from: day, to: day, days: 1 });
  }
  return weeks;
}

export const mondayOf = (day: Day): Day => addDays(day, 1 - weekdayOf(day));
