/**
 * Business days on the page: `YYYY-MM-DD` texts, never instants. Nothing here asks for the local time zone, so a day is
 * the same day in Berlin and in Los Angeles.
 */

/** A calendar day as `YYYY-MM-DD`. */
export type Day = string;

const MS_PER_DAY = 86_400_000;

/** Whether a text is a real calendar day (`2015-02-30` is not). */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** Days since 1970-01-01 of a valid day. */
export function toDayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY;
}

/** The day of a day number. Inverse of {@link toDayNumber}. */
export function fromDayNumber(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The day `count` days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  return fromDayNumber(toDayNumber(day) + count);
}

/** Number of days from `from` to `to`, both counted: 1 when they are the same day. */
export function daysInRange(from: Day, to: Day): number {
  return toDayNumber(to) - toDayNumber(from) + 1;
}

/** Weekday of a day, 1 = Monday … 7 = Sunday (ISO 8601). */
export function weekdayOf(day: Day): number {
  return ((((toDayNumber(day) + 3) % 7) + 7) % 7) + 1;
}

/** Month of a day, 1–12. */
export function monthOf(day: Day): number {
  return Number(day.slice(5, 7));
}
