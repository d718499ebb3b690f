import { solveRidge } from "../ridge/cholesky.ts";
import type { DayFeature } from "./feature.ts";
import type { OriginView } from "./origin-view.ts";

const TREND = 1;
const WEEKDAY = 2;
const PROMO = WEEKDAY + 7;
const COLUMNS = PROMO + 7;
const TREND_PENALTY = 20;
const DUMMY_PENALTY = 5;
const DAYS_PER_YEAR = 364;

/**
 * A ridge line through the store's residuals of 91 and 364 days (intercept, trend per year, weekday, promotion by
 * weekday), continued to the target day; and the slope of the longer one.
 */
export const ridgeLine: DayFeature = {
  scope: "day",
  names: ["ridge_line91", "ridge_line364", "slope364"],
  compute(view, store, t, out, at) {
    const lines = linesOf(view);
    out[at] = valueOn(view, lines.short, store, t);
    out[at + 1] = valueOn(view, lines.long, store, t);
    out[at + 2] = lines.long[store * COLUMNS + TREND];
  },
};

const known = new WeakMap<object, { short: Float64Array; long: Float64Array }>();

function linesOf(view: OriginView): { short: Float64Array; long: Float64Array } {
  let lines = known.get(view.history);
  if (lines === undefined) {
    lines = { short: fitLines(view, 91), long: fitLines(view, 364) };
    known.set(view.history, lines);
  }
  return lines;
}

function valueOn(view: OriginView, lines: Float64Array, store: number, t: number): number {
  const row = store * COLUMNS;
  const place = view.days.weekday[t] - 1;
  const hasPromo = view.panel.promo[store * view.panel.calendarDays + t] === 1;
  return (
    lines[row] +
    (lines[row + TREND] * (t - view.end + 1)) / DAYS_PER_YEAR +
    lines[row + WEEKDAY + place] +
    (hasPromo ? lines[row + PROMO + place] : 0)
  );
}

/** n x columns coefficients; NaN for a store without a day in the window. */
function fitLines(view: OriginView, days: number): Float64Array {
  const { panel, end, residual, window, from } = view;
  const n = panel.storeIds.length;
  const lines = new Float64Array(n * COLUMNS).fill(NaN);
  const penalties = new Float64Array(COLUMNS).fill(DUMMY_PENALTY);
  penalties[0] = 0;
  penalties[TREND] = TREND_PENALTY;
  const gram = new Float64Array(COLUMNS * COLUMNS);
  const moment = new Float64Array(COLUMNS);
  const scratch = new Float64Array(COLUMNS * COLUMNS);
  const first = Math.max(from, end - days);
  for (let s = 0; s < n; s++) {
    gram.fill(0);
    moment.fill(0);
    let count = 0;
    for (let t = first; t < end; t++) {
      const y = residual[s * window + t - from];
      if (Number.isNaN(y)) continue;
      count++;
      const x = (t - end + 1) / DAYS_PER_YEAR;
      const place = WEEKDAY + view.days.weekday[t] - 1;
      const promo = place + 7;
      const hasPromo = panel.promo[s * panel.calendarDays + t] === 1;
      gram[0] += 1;
      gram[TREND] += x;
      gram[place] += 1;
      gram[COLUMNS + TREND] += x * x;
      gram[COLUMNS + place] += x;
      gram[place * COLUMNS + place] += 1;
      moment[0] += y;
      moment[TREND] += x * y;
      moment[place] += y;
      if (!hasPromo) continue;
      gram[promo] += 1;
      gram[COLUMNS + promo] += x;
      gram[place * COLUMNS + promo] += 1;
      gram[promo * COLUMNS + promo] += 1;
      moment[promo] += y;
    }
    if (count > 0)
      solveRidge(gram, penalties, moment, lines.subarray(s * COLUMNS, (s + 1) * COLUMNS), scratch);
  }
  return lines;
}
