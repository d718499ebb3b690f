import {
  type CalendarParts,
  calendarParts,
  type DayNumber,
  dayNumber,
  easterSunday,
  weekday,
} from "@rossmann/core";
import type { SampleStore } from "./chain.ts";
import { type HolidayCode, isSchoolHoliday, stateHoliday } from "./holidays.ts";

/** A promotion week begins on this Monday and on every second Monday before and after it: 2013-01-07. */
const PROMO_ANCHOR = dayNumber(2013, 1, 7)!;

/** What every shop shares on a day. */
export interface ChainDate {
  day: DayNumber;
  /** 1 Monday … 7 Sunday */
  weekday: number;
  parts: CalendarParts;
  promo: 0 | 1;
  daysToEaster: number;
}

export function chainDate(day: DayNumber): ChainDate {
  const parts = calendarParts(day);
  const weeks = Math.floor((day - PROMO_ANCHOR) / 7);
  return {
    day,
    weekday: weekday(day),
    parts,
    promo: weekday(day) <= 5 && weeks % 2 === 0 ? 1 : 0,
    daysToEaster: easterSunday(parts.year) - day,
  };
}

/** The marks of a shop's day. */
export interface DayMarks {
  stateHoliday: HolidayCode;
  schoolHoliday: 0 | 1;
  open: 0 | 1;
}

export function dayMarks(store: SampleStore, date: ChainDate): DayMarks {
  const holiday = stateHoliday(date.day, store.state);
  const works = store.works;
  const underWorks = works !== null && date.day >= works.from && date.day <= works.to;
  const closed = underWorks || (!store.opensOnSundays && (holiday !== "0" || date.weekday === 7));
  return {
    stateHoliday: holiday,
    schoolHoliday: isSchoolHoliday(date.day, store.state) ? 1 : 0,
    open: closed ? 0 : 1,
  };
}

/**
 * Expected sales of an open day on the log scale: level, trend, weekday, promotion, yearly season, December, Easter, the days
 * around a closed one, turn of the month, school holidays, a competitor that opens.
 */
export function logDemand(store: SampleStore, date: ChainDate, marks: DayMarks, firstDay: DayNumber): number {
  const { parts } = date;
  let log = Math.log(store.level) + store.trend * (date.day - firstDay) + store.weekdays[date.weekday - 1]!;
  if (date.promo === 1) log += store.promoUplift[date.weekday - 1]!;
  const angle = (2 * Math.PI * parts.dayOfYear) / 365.25;
  log += store.season * (Math.sin(angle - 1.2) + 0.4 * Math.sin(2 * angle));
  log += decemberPeak(parts);
  if (date.daysToEaster >= 3 && date.daysToEaster <= 9) log += 0.14;
  const closedTomorrow = date.weekday !== 6 && stateHoliday(date.day + 1, store.state) !== "0";
  if (closedTomorrow) log += 0.2;
  if (stateHoliday(date.day - 1, store.state) !== "0") log += 0.06;
  if (parts.dayOfMonth <= 3 || parts.dayOfMonth >= parts.daysInMonth - 1) log += 0.06;
  if (marks.schoolHoliday === 1) log += 0.03;
  log += competitionEffect(store, parts);
  return log;
}

/** Rises through December to the 23rd, and falls below the ordinary after Christmas. */
function decemberPeak({ month, dayOfMonth }: CalendarParts): number {
  if (month !== 12) return 0;
  if (dayOfMonth <= 23) return 0.08 + (0.42 * dayOfMonth) / 23;
  return dayOfMonth === 24 ? -0.25 : 0.02;
}

function competitionEffect(
  { competitionSince, competitionDistance }: SampleStore,
  { year, month }: CalendarParts,
): number {
  if (competitionSince === null || competitionDistance === null) return 0;
  const opened =
    year > competitionSince.year || (year === competitionSince.year && month >= competitionSince.month);
  return opened ? -0.12 * Math.exp(-competitionDistance / 2_000) : 0;
}
