/**
 * How far off the model's learned effects were: in each origin of the backtest, the mean error of days with a promotion (a
 * school holiday) less the mean error of working days without. It is 0 where the model knew exactly what the day was worth.
 */
import { weekday } from "@rossmann/core";
import type { ErrorPath } from "../intervals/totals.ts";
import type { Panel } from "../panel.ts";

/** Log errors of the effects in one origin. */
export interface EffectErrors {
  promo: number;
  schoolHoliday: number;
}

/** Where an origin cannot tell (no such day in its window): a tenth of the sales of a usual day. */
const UNKNOWN_ERROR = 0.1;
const FEWEST_DAYS = 3;
const SATURDAY = 6;

/**
 * @param stores indexes in the panel
 * @param rows   the same stores' rows in the path, −1 for a store it does not hold
 */
export function effectErrors(
  path: ErrorPath,
  panel: Panel,
  stores: Int32Array,
  rows: ArrayLike<number>,
): EffectErrors {
  return {
    promo: differenceOf(path, panel, stores, rows, panel.promo),
    schoolHoliday: differenceOf(path, panel, stores, rows, panel.schoolHoliday),
  };
}

function differenceOf(
  path: ErrorPath,
  panel: Panel,
  stores: Int32Array,
  rows: ArrayLike<number>,
  marks: Uint8Array,
): number {
  if (path.origin === null) return UNKNOWN_ERROR;
  const width = path.to - path.from + 1;
  const sums = [0, 0];
  const days = [0, 0];
  const first = path.origin - panel.firstDay;
  for (let i = 0; i < stores.length; i++) {
    if (rows[i] < 0) continue;
    for (let h = path.from; h <= path.to; h++) {
      const t = first + h;
      if (t < 0 || t >= panel.historyDays || weekday(panel.firstDay + t) >= SATURDAY) continue;
      const error = path.values[rows[i] * width + h - path.from];
      if (Number.isNaN(error)) continue;
      const mark = marks[stores[i] * panel.calendarDays + t] === 1 ? 1 : 0;
      sums[mark] += error;
      days[mark]++;
    }
  }
  if (days[0] < FEWEST_DAYS || days[1] < FEWEST_DAYS) return UNKNOWN_ERROR;
  return sums[1] / days[1] - sums[0] / days[0];
}
