import { z } from "zod";
import { HttpRefusal, PeriodRefused } from "./errors.ts";
import { momentOf, wholeNumber } from "./schemas/values.ts";

const DAY_MS = 86_400_000;
const DATE_ONLY = /^\s*\d{4}-\d{2}-\d{2}\s*$/;
const EARLIEST = new Date("1900-01-01T00:00:00Z");

const end = () => z.string().max(40).optional().meta({ type: "string", format: "date-time" });

/** The part of a query that names a span of time: the last days, or its ends. */
export const timeWindowQuery = {
  days: wholeNumber(1, 3_650).optional().describe("The last so many days; not together with dates"),
  date_from: end().describe("Begin: a date, or an instant (UTC where no zone is named)"),
  date_to: end().describe("End; a date means the end of that day"),
};

export interface TimeWindow {
  from: Date;
  to: Date;
  /** null when the ends were given as dates */
  days: number | null;
}

/**
 * The span of time that a query names.
 *
 * @param usualDays what counts when nothing is named; null: all history
 * @throws {PeriodRefused} when an end cannot be read, `days` stands beside a date, or the begin lies after the end
 */
export function timeWindowOf(
  query: { days?: number; date_from?: string; date_to?: string },
  now: Date,
  usualDays: number | null,
): TimeWindow {
  const date_from = blankToAbsent(query.date_from);
  const date_to = blankToAbsent(query.date_to);
  const isDated = date_from !== undefined || date_to !== undefined;
  if (isDated && query.days !== undefined)
    throw new PeriodRefused("days cannot stand together with date_from or date_to: keep one of them");
  const days = query.days ?? (isDated ? null : usualDays);
  if (days !== null) return { from: new Date(now.getTime() - days * DAY_MS), to: now, days };

  const from = date_from === undefined ? EARLIEST : instantOf("date_from", date_from);
  const to = date_to === undefined ? now : endOf(date_to);
  if (from > to)
    throw new PeriodRefused(`date_from ${date_from} lies after date_to ${date_to ?? to.toISOString()}`);
  return { from, to, days: null };
}

/** One of a few words in any case. @throws {HttpRefusal} 400 naming the words that are known */
export function knownWord<Word extends string>(
  name: string,
  value: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const text = blankToAbsent(value)?.toUpperCase();
  if (text === undefined) return undefined;
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new HttpRefusal(
    400,
    "filter_invalid",
    `${name} must be one of ${words.join(", ")}, got "${text.slice(0, 40)}"`,
  );
}

function endOf(text: string): Date {
  const at = instantOf("date_to", text);
  return DATE_ONLY.test(text) ? new Date(at.getTime() + DAY_MS - 1) : at;
}

function instantOf(name: string, text: string): Date {
  const at = momentOf(text);
  if (at !== null) return at;
  throw new PeriodRefused(
    `${name} must be a date like 2026-03-01 or an instant like 2026-03-01T10:00:00Z, got "${text.slice(0, 40)}"`,
  );
}

function blankToAbsent(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
