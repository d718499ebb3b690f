/**
 * Every number and date on the page is written here. Missing values (null, undefined, NaN, infinite) are a dash, never 0.
 */
import type { Day } from "./days.ts";
import { settings } from "./settings.ts";

type Maybe = number | null | undefined;

/** What stands where there is no value. */
export const MISSING = "–";

const { locale, currency } = settings;
/** A formatter in the locale of the dashboard; a missing value becomes a dash. */
export const number = (options: Intl.NumberFormatOptions) => {
  const format = new Intl.NumberFormat(locale, options);
  return (value: Maybe): string =>
    value === null || value === undefined || !Number.isFinite(value) ? MISSING : format.format(value);
};

/** Exact count with grouping: `1,017,209`. */
export const count = number({ maximumFractionDigits: 0 });
/** Short count of three figures: `1.02m`, `12.3k`. */
export const countShort = number({ notation: "compact", maximumSignificantDigits: 3 });
/** Money without cents: `€5,263,112`. */
export const money = number({ style: "currency", currency, maximumFractionDigits: 0 });
/** Money with cents, for small amounts such as sales per customer: `€9.49`. */
export const moneyFine = number({
  style: "currency",
  currency,
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
/** Whole below ten thousand, as in the tables; three figures from there, so that amounts have the same precision. */
const short = (signDisplay: "auto" | "exceptZero") => {
  const whole = number({ style: "currency", currency, maximumFractionDigits: 0, signDisplay });
  const large = number({
    style: "currency",
    currency,
    notation: "compact",
    minimumSignificantDigits: 3,
    maximumSignificantDigits: 3,
    signDisplay,
  });
  return (value: Maybe): string => (Math.abs(value ?? 0) < 9_999.5 ? whole(value) : large(value));
};
/** Short money of three figures, for cards, sentences and cells: `€8.12m`, `€65.0k`, `€4,997`. */
export const moneyShort = short("auto");
/** Money at the ticks of an axis, with no more figures than it needs: `€5k`, `€7.5k`. */
export const moneyAxis = number({
  style: "currency",
  currency,
  notation: "compact",
  maximumSignificantDigits: 3,
});
/** Ratio as percent with one decimal: 0.123 → `12.3%`. */
export const percent = number({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Ratio as whole percent: 0.09 → `9%`. */
export const percentWhole = number({ style: "percent", maximumFractionDigits: 0 });
/** Ratio as percent with its sign: 0.021 → `+2.1%`; zero has no sign. */
export const percentSigned = number({
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});
/** Money with its sign: `+€12,300`. */
export const moneySigned = number({
  style: "currency",
  currency,
  maximumFractionDigits: 0,
  signDisplay: "exceptZero",
});
/** Short money with its sign: `+€12.3k`. */
export const moneyShortSigned = short("exceptZero");
/** Money at the ticks of an axis of differences: `+€5k`. */
export const moneyAxisSigned = number({
  style: "currency",
  currency,
  notation: "compact",
  maximumSignificantDigits: 3,
  signDisplay: "exceptZero",
});
/** Metres as a distance: `570 m`, `1.3 km`. */
export function distance(metres: Maybe): string {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return MISSING;
  return metres < 1000 ? `${count(metres)} m` : `${oneDecimal(metres / 1000)} km`;
}
/** At most one decimal. */
export const oneDecimal = number({ maximumFractionDigits: 1 });

const date = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  return (day: Day | null | undefined): string => {
    const time = typeof day === "string" ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    return Number.isNaN(time) ? MISSING : format.format(time);
  };
};

/** `31 Jul 2015` */
export const day = date({ day: "numeric", month: "short", year: "numeric" });
/** `31 Jul` */
export const dayShort = date({ day: "numeric", month: "short" });
/** `Fri, 31 Jul 2015` */
export const dayLong = date({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
/** `Jul 2015` */
export const month = date({ month: "short", year: "numeric" });

/** `3 May – 31 Jul 2015`; the year is said once when both ends share it. */
export function dayRange(from: Day, to: Day): string {
  if (from === to) return day(from);
  return from.slice(0, 4) === to.slice(0, 4) ? `${dayShort(from)} – ${day(to)}` : `${day(from)} – ${day(to)}`;
}

const WEEKDAYS = Array.from({ length: 7 }, (_, i) => date({ weekday: "short" })(`2024-01-0${i + 1}`));
const MONTHS = Array.from({ length: 12 }, (_, i) =>
  date({ month: "short" })(`2024-${String(i + 1).padStart(2, "0")}-01`),
);

/** Short name of a weekday, 1 = Monday … 7 = Sunday. */
export const weekdayName = (weekday: number): string => WEEKDAYS[weekday - 1] ?? MISSING;
/** Short name of a month, 1–12. */
export const monthName = (value: number): string => MONTHS[value - 1] ?? MISSING;

const clockFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
/** Time of day of an instant in the reader's own time zone: `14:05`. */
export const clock = (instant: number | Date): string => clockFormat.format(instant);

const instantFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
/** Date and time of an instant in the reader's own time zone. */
export const instant = (iso: string | null | undefined): string => {
  const time = iso ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(time) ? MISSING : instantFormat.format(time);
};

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
/** How long ago an instant was: `12 min ago`, `yesterday`. */
export function ago(iso: string | null | undefined, now: number = Date.now()): string {
  const time = iso ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(time)) return MISSING;
  const minutes = Math.round((time - now) / 60_000);
  if (Math.abs(minutes) < 1) return "just now";
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  const hours = Math.round(minutes / 60);
  if (Math.abs(hours) < 24) return relative.format(hours, "hour");
  return relative.format(Math.round(hours / 24), "day");
}

/** `1 day`, `90 days`. */
export const plural = (n: number, one: string, many: string = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** A level in words: "in 8 of 10 cases", "in 19 of 20 cases". */
export function oddsWords(level: number): string {
  const twentieths = Math.round(level * 20);
  return twentieths % 2 === 0 ? `in ${twentieths / 2} of 10 cases` : `in ${twentieths} of 20 cases`;
}
