import type { PreflightTrends } from "../../lib/api-types.ts";
import { addDays, type Day } from "../../lib/days.ts";
import { plural } from "../../lib/format.ts";
import type { Window } from "./params.ts";

/** Examined files of one day (UTC) by verdict. */
export interface TrendDay {
  day: Day;
  pass: number;
  warn: number;
  fail: number;
  error: number;
  blocked: number;
}

/** Beyond this many days only those with a run are drawn. */
const MOST_DAYS = 120;

/**
 * One entry per day, days without a run included, so that the bars keep their distance. The window ends today; “all” begins
 * with the first run, and leaves empty days out when that is long ago.
 *
 * @param today the day it is now, UTC
 */
export function trendDays(items: PreflightTrends["items"], window: Window, today: Day): TrendDay[] {
  const known = new Map(
    items.map((item): [Day, TrendDay] => {
      const day = item.bucket_start.slice(0, 10);
      return [
        day,
        {
          day,
          pass: item.pass_count,
          warn: item.warn_count,
          fail: item.fail_count,
          error: item.error_count,
          blocked: item.blocked_count,
        },
      ];
    }),
  );
  if (known.size === 0) return [];
  const days = [...known.keys()].sort();
  const first = window === "all" ? (days[0] ?? today) : addDays(today, 1 - Number(window));
  const result: TrendDay[] = [];
  for (let day = first; day <= today; day = addDays(day, 1)) {
    result.push(known.get(day) ?? { day, pass: 0, warn: 0, fail: 0, error: 0, blocked: 0 });
    if (result.length > MOST_DAYS) return days.map((each) => known.get(each) as TrendDay);
  }
  return result;
}

/** What the bars say in one sentence. */
export function trendSentence(days: readonly TrendDay[]): string {
  const sum = (pick: (day: TrendDay) => number) => days.reduce((all, day) => all + pick(day), 0);
  const all = sum((day) => day.pass + day.warn + day.fail + day.error);
  const faulty = sum((day) => day.fail + day.error);
  if (all === 0) return "No file was examined.";
  if (faulty === 0) return `All of ${plural(all, "file")} passed or only warned.`;
  return `${plural(faulty, "file")} of ${all} failed, ${sum((day) => day.blocked)} of them turned away.`;
}
