import { calendarParts, type IsoDate, isoDate, parseIsoDate } from "@rossmann/core";
import { z } from "zod";

/**
 * What a client may write for a number, a day or a flag. The edge is lax about form and strict about value: `"7"`, `7`
 * and `7.0` are all seven, `7.5` is a mistake. A repeated query parameter arrives as a list and is refused.
 */

/** Largest value of PostgreSQL's `integer`, which every id of ours is. */
export const LARGEST_ID = 2_147_483_647;
const FIRST_DAY = "1900-01-01";
const LAST_DAY = "2200-12-31";

const WHOLE_NUMBER = /^[+-]?\d{1,15}(\.0*)?$/;
const SECONDS_PER_DAY = 86_400;
const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?$/;
const LONGEST_ECHO = 40;

/**
 * A whole number within [low, high], given as a number or as its decimal text.
 *
 * @param low  smallest value that is allowed
 * @param high largest value that is allowed
 */
export const wholeNumber = (low: number, high: number) =>
  z
    .union([z.number(), z.string()], { error: (issue) => mustBe("a whole number", issue.input) })
    .transform((value, context) => {
      const number = typeof value === "number" ? value : wholeNumberOf(value);
      if (number !== null && Number.isInteger(number) && number >= low && number <= high) return number;
      const range = number !== null && Number.isInteger(number) ? ` from ${low} to ${high}` : "";
      context.addIssue(mustBe(`a whole number${range}`, value));
      return z.NEVER;
    })
    .meta({ type: "integer", minimum: low, maximum: high });

/**
 * A finite number within [low, high], given as a number or as its decimal text.
 *
 * @param low  smallest value that is allowed
 * @param high largest value that is allowed
 */
export const realNumber = (low: number, high: number) =>
  z
    .union([z.number(), z.string()], { error: (issue) => mustBe("a number", issue.input) })
    .transform((value, context) => {
      const number = typeof value === "number" ? value : value.trim() === "" ? Number.NaN : Number(value);
      if (Number.isFinite(number) && number >= low && number <= high) return number;
      context.addIssue(mustBe(`a number from ${low} to ${high}`, value));
      return z.NEVER;
    })
    .meta({ type: "number", minimum: low, maximum: high });

/** A text that people wrote: trimmed, within [least, longest] characters. */
export const writtenText = (least: number, longest: number) =>
  z
    .string({ error: (issue) => mustBe("a text", issue.input) })
    .trim()
    .min(least, `must have at least ${least} ${least === 1 ? "character" : "characters"}`)
    .max(longest, `must have at most ${longest} characters`);

/** A real calendar day as an ISO date, an ISO date and time at midnight UTC, or seconds since 1970 at midnight UTC. */
export const businessDay = () =>
  z
    .union([z.string(), z.number()], { error: (issue) => mustBe("a date like 2015-07-31", issue.input) })
    .transform((value, context): IsoDate => {
      const date = isoDateOf(value);
      if (date !== null && date >= FIRST_DAY && date <= LAST_DAY) return date;
      const range = date === null ? "" : ` from ${FIRST_DAY} to ${LAST_DAY}`;
      context.addIssue(mustBe(`a date like 2015-07-31${range}`, value));
      return z.NEVER;
    })
    .meta({ type: "string", format: "date", examples: ["2015-07-31"] });

/** One of a few words, written exactly. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: (issue) => mustBe(words.map((word) => `"${word}"`).join(" or "), issue.input) });

const YES = ["true", "1", "yes", "on"];
const NO = ["false", "0", "no", "off"];

/** Yes or no, as a boolean or in the words that people use. */
export const flag = () =>
  z
    .union([z.boolean(), z.number(), z.string()], { error: (issue) => mustBe("true or false", issue.input) })
    .transform((value, context): boolean => {
      const word = String(value).trim().toLowerCase();
      if (YES.includes(word) || NO.includes(word)) return YES.includes(word);
      context.addIssue(mustBe("true or false", value));
      return z.NEVER;
    })
    .meta({ type: "boolean" });

/** An instant as ISO 8601; without a zone it is UTC, without a time the begin of the day. */
export const moment = () =>
  z
    .string({ error: (issue) => mustBe(MOMENT, issue.input) })
    .transform((value, context): Date => {
      const instant = momentOf(value);
      if (instant !== null) return instant;
      context.addIssue(mustBe(MOMENT, value));
      return z.NEVER;
    })
    .meta({ type: "string", format: "date-time", examples: ["2026-03-01T10:00:00Z"] });

const MOMENT = "an instant like 2026-03-01T10:00:00Z";
const MOMENT_FORM =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Null for what is no real instant. */
export function momentOf(text: string): Date | null {
  const [, date, time = "00:00", zone = "Z"] = MOMENT_FORM.exec(text.trim()) ?? [];
  if (date === undefined || parseIsoDate(date) === null) return null;
  const instant = new Date(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** The store a question is about; a store nobody knows has no sales, which is an answer and not a mistake. */
export const storeFilter = () =>
  wholeNumber(-LARGEST_ID, LARGEST_ID).optional().describe("One store; without it the whole chain");

/** The client whose shops a question is about. */
export const dataSourceFilter = () =>
  wholeNumber(1, LARGEST_ID).optional().describe("Data source; without it the default one");

/** A day in an answer, `YYYY-MM-DD`. */
export const day = () => z.string().meta({ format: "date" });

/** An instant in an answer, ISO 8601 in UTC with `Z`. */
export const instant = () => z.string().meta({ format: "date-time" });

function wholeNumberOf(text: string): number | null {
  const trimmed = text.trim();
  return WHOLE_NUMBER.test(trimmed) ? Number.parseInt(trimmed, 10) : null;
}

function isoDateOf(value: string | number): IsoDate | null {
  const text = String(value).trim();
  const [, date] = MIDNIGHT.exec(text) ?? [];
  if (date !== undefined) return parseIsoDate(date) === null ? null : (date as IsoDate);
  const seconds = wholeNumberOf(text);
  if (seconds === null || seconds % SECONDS_PER_DAY !== 0) return null;
  const dayNumber = seconds / SECONDS_PER_DAY;
  // Beyond four-digit years the text would no longer order like the day.
  return Math.abs(dayNumber) < 700_000 && calendarParts(dayNumber).year >= 1000 ? isoDate(dayNumber) : null;
}

function mustBe(expected: string, found: unknown): string {
  return found === undefined ? `is required: ${expected}` : `must be ${expected}, got ${shown(found)}`;
}

/** What was found, short enough for a message. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length} values`;
  if (value !== null && typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= LONGEST_ECHO ? text : `${text.slice(0, LONGEST_ECHO)}…`;
}
