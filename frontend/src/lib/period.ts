import { addDays, type Day, daysInRange } from "./days.ts";

/** A range of days, both ends included. */
export interface Period {
  from: Day;
  to: Day;
}

export const DEFAULT_PERIOD_DAYS = 90;

/** The choices of the comparison; weekdays must match, so a year before is 52 weeks before. */
export const COMPARISONS = ["previous", "year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

const DAYS_OF_52_WEEKS = 364;

/** The last `days` days that the data has; fewer when the data is shorter. */
export function lastDays(data: Period, days: number): Period {
  return { from: later(addDays(data.to, 1 - days), data.from), to: data.to };
}

/** From 1 January of the data's last year to its last day. */
export function yearToDate(data: Period): Period {
  return { from: later(`${data.to.slice(0, 4)}-01-01`, data.from), to: data.to };
}

/** ISO days order as texts. */
const later = (a: Day, b: Day): Day => (a < b ? b : a);

export interface ResolvedPeriod extends Period {
  /** What was wrong with the wish, as a sentence; null when it could be met. */
  problem: string | null;
}

/**
 * The period to show for what the address asks: a missing start is 90 days before the end, a missing end is the data's
 * last day, and a start after the end falls back to the default with a sentence that says so.
 */
export function resolvePeriod(wish: { from: Day | null; to: Day | null }, data: Period): ResolvedPeriod {
  const to = wish.to ?? data.to;
  const from = wish.from ?? lastDays({ from: data.from, to }, DEFAULT_PERIOD_DAYS).from;
  if (from > to) {
    const fallback = lastDays(data, DEFAULT_PERIOD_DAYS);
    return { ...fallback, problem: `The period starts (${from}) after it ends (${to}).` };
  }
  return { from, to, problem: null };
}

/**
 * The period that a period is compared with: the same number of days right before it, or the same weekdays 52 weeks
 * before. Null when no comparison is wanted or the data does not reach back that far: a part would mislead.
 */
export function comparisonPeriod(period: Period, comparison: Comparison, data: Period): Period | null {
  if (comparison === "none") return null;
  const shift = comparison === "year" ? DAYS_OF_52_WEEKS : daysInRange(period.from, period.to);
  const compared = { from: addDays(period.from, -shift), to: addDays(period.to, -shift) };
  return compared.from < data.from ? null : compared;
}

/** The problem of a resolved period in the form that the notice above a page takes; none gives an empty list. */
export function periodProblems(period: ResolvedPeriod): { names: string[]; sentence: string }[] {
  return period.problem === null
    ? []
    : [
        {
          names: ["from", "to"],
          sentence: `${period.problem} The last ${DEFAULT_PERIOD_DAYS} days are shown instead.`,
        },
      ];
}
