import { type DayNumber, dayNumber, easterSunday, weekday } from "@rossmann/core";

/** State-holiday codes of the file format: none, public, Easter, Christmas. */
export type HolidayCode = "0" | "a" | "b" | "c";

/** Number of states whose calendars differ. */
export const STATES = 8;

/** Which states keep a holiday that is not kept everywhere. */
const KEPT_IN: Record<string, readonly number[]> = {
  epiphany: [0, 1],
  corpusChristi: [0, 1, 2, 3, 4],
  assumption: [1],
  reformation: [5],
  allSaints: [0, 1, 2, 3],
  repentance: [6],
};

/**
 * The state holiday of a day in a state, as in Germany: nine holidays everywhere, six more in some states.
 *
 * @param state 0 … {@link STATES} - 1
 */
export function stateHoliday(day: DayNumber, state: number): HolidayCode {
  const year = new Date(day * 86_400_000).getUTCFullYear();
  return holidaysOf(year, state).get(day) ?? "0";
}

const cache = new Map<number, Map<DayNumber, HolidayCode>>();

function holidaysOf(year: number, state: number): Map<DayNumber, HolidayCode> {
  const key = year * STATES + state;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const easter = easterSunday(year);
  const on = (month: number, dayOfMonth: number) => dayNumber(year, month, dayOfMonth)!;
  const days = new Map<DayNumber, HolidayCode>([
    [on(1, 1), "a"],
    [easter - 2, "b"],
    [easter + 1, "b"],
    [on(5, 1), "a"],
    [easter + 39, "a"],
    [easter + 50, "a"],
    [on(10, 3), "a"],
    [on(12, 25), "c"],
    [on(12, 26), "c"],
  ]);
  const regional: [string, DayNumber][] = [
    ["epiphany", on(1, 6)],
    ["corpusChristi", easter + 60],
    ["assumption", on(8, 15)],
    ["reformation", on(10, 31)],
    ["allSaints", on(11, 1)],
    // The Wednesday before 23 November.
    ["repentance", on(11, 22) - ((weekday(on(11, 22)) + 4) % 7)],
  ];
  for (const [name, day] of regional) if (KEPT_IN[name]!.includes(state)) days.set(day, "a");
  cache.set(key, days);
  return days;
}

/** Whether schools of a state are closed on a day; holidays count from Monday to Friday only. */
export function isSchoolHoliday(day: DayNumber, state: number): boolean {
  if (weekday(day) > 5) return false;
  const year = new Date(day * 86_400_000).getUTCFullYear();
  const easter = easterSunday(year);
  const on = (month: number, dayOfMonth: number) => dayNumber(year, month, dayOfMonth)!;
  // Summer begins between the end of June and the end of July: the states take turns.
  const summer = on(6, 24) + state * 5;
  const winter = on(2, 1) + (state % 3) * 7;
  const autumn = on(10, 6) + (state % 4) * 5;
  const spans: [DayNumber, number][] = [
    [on(1, 1), 5],
    [winter, 7],
    [easter - 9, 14],
    [summer, 44],
    [autumn, 12],
    [on(12, 22), 10],
  ];
  return spans.some(([start, length]) => day >= start && day < start + length);
}
