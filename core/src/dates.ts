/**
 * Business days as whole numbers.
 *
 * A business day has no time of day and no time zone. Everywhere in the rooms it is a *day number*: days since
 * 1970-01-01 in the proleptic Gregorian calendar. At the edges (CSV, HTTP, SQL) it is an ISO date, `YYYY-MM-DD`.
 */

declare const isoDateBrand: unique symbol;
/** A real calendar date as `YYYY-MM-DD`; only {@link isoDate} and {@link parseIsoDate} make one. */
export type IsoDate = string & { readonly [isoDateBrand]: true };

/** Days since 1970-01-01. */
export type DayNumber = number;

const MS_PER_DAY = 86_400_000;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * The day number of a date text.
 *
 * @param text `YYYY-MM-DD`, nothing around it
 * @returns the day number, or `null` when the text has another form or the day does not exist (`2015-02-30`)
 */
export function parseIsoDate(text: string): DayNumber | null {
  const match = ISO_DATE.exec(text);
  if (match === null) return null;
  return dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
}

/**
 * The day number of year, month (1–12) and day of month (1–31).
 *
 * @returns `null` when there is no such day
 */
export function dayNumber(year: number, month: number, day: number): DayNumber | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  // Years 0–99 mean 1900–1999 to Date.UTC; no shop has kept books that long.
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return null;
  return date.getTime() / MS_PER_DAY;
}

/** The ISO date of a day number. Inverse of {@link parseIsoDate}. */
export function isoDate(day: DayNumber): IsoDate {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10) as IsoDate;
}

/** Weekday of a day number, 1 = Monday … 7 = Sunday (ISO 8601). */
export function weekday(day: DayNumber): number {
  // 1970-01-01 was a Thursday (4).
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export interface CalendarParts {
  year: number;
  /** 1–12 */
  month: number;
  /** 1–31 */
  dayOfMonth: number;
  /** 1–366 */
  dayOfYear: number;
  /** ISO 8601 week, 1–53 */
  weekOfYear: number;
  daysInMonth: number;
}

/** The calendar parts of a day number. */
export function calendarParts(day: DayNumber): CalendarParts {
  const date = new Date(day * MS_PER_DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  const startOfYear = Date.UTC(year, 0, 1) / MS_PER_DAY;
  return {
    year,
    month,
    dayOfMonth: date.getUTCDate(),
    dayOfYear: day - startOfYear + 1,
    weekOfYear: isoWeek(day),
    daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  };
}

/** ISO 8601 week of a day number, 1–53: the week belongs to the year of its Thursday. */
export function isoWeek(day: DayNumber): number {
  const thursday = day - weekday(day) + 4;
  const year = new Date(thursday * MS_PER_DAY).getUTCFullYear();
  const startOfYear = Date.UTC(year, 0, 1) / MS_PER_DAY;
  return Math.floor((thursday - startOfYear) / 7) + 1;
}

/**
 * Easter Sunday of a Gregorian year as a day number.
 *
 * Source: Meeus, Jones and Butcher ("Anonymous Gregorian algorithm"), Nature 13 (1876) 487.
 */
export function easterSunday(year: number): DayNumber {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}
