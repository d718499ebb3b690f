import type { StoreFeature } from "./feature.ts";
import { type OriginView, residualOn } from "./origin-view.ts";

const WINDOW_DAYS = 364;
const PSEUDO_DAYS = 10;
const PSEUDO_DAYS_RARE = 3;

const sums = new Float64Array(5);
const counts = new Float64Array(5);

function count(effect: number, value: number): void {
  sums[effect] += value;
  counts[effect]++;
}

/**
 * How the store's residual differs on special days of its last year, pulled to 0: school holidays, end, start and middle
 * of the month, the day before an extra closed day; and the share of Sundays on which it opens.
 */
export const responseEffects: StoreFeature = {
  scope: "store",
  names: [
    "school_effect",
    "month_end_effect",
    "month_start_effect",
    "mid_month_effect",
    "before_closing_effect",
    "opens_sundays",
  ],
  compute(view, store, out, at) {
    const { panel, days, end } = view;
    const cells = store * panel.calendarDays;
    sums.fill(0);
    counts.fill(0);
    let sundays = 0;
    let openSundays = 0;
    for (let t = Math.max(view.from, end - WINDOW_DAYS); t < end; t++) {
      if (days.weekday[t] === 7) {
        sundays++;
        openSundays += panel.open[cells + t];
      }
      const value = residualOn(view, store, t);
      if (Number.isNaN(value)) continue;
      const fromStart = days.dayOfMonth[t];
      const toEnd = days.daysInMonth[t] - fromStart;
      if (panel.schoolHoliday[cells + t] === 1) count(0, value);
      if (toEnd <= 1) count(1, value);
      if (fromStart <= 3) count(2, value);
      if (fromStart >= 13 && fromStart <= 17) count(3, value);
      if (isBeforeClosing(view, cells, t)) count(4, value);
    }
    for (let k = 0; k < 5; k++) {
      out[at + k] = sums[k] / (counts[k] + (k === 4 ? PSEUDO_DAYS_RARE : PSEUDO_DAYS));
    }
    out[at + 5] = sundays === 0 ? NaN : openSundays / sundays;
  },
};

/** Is the store closed on the next day, although it was open a week before or after that day? */
function isBeforeClosing({ panel, end }: OriginView, cells: number, t: number): boolean {
  const next = t + 1;
  if (next >= end || panel.open[cells + next] === 1) return false;
  return (
    (next >= 7 && panel.open[cells + next - 7] === 1) ||
    (next + 7 < end && panel.open[cells + next + 7] === 1)
  );
}
