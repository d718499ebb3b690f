import type { DayFeature } from "./feature.ts";
import type { OriginView } from "./origin-view.ts";

/** A refit or a holiday of the shop: so many closed working days within a week. */
const CLOSED_WORKING_DAYS = 5;
const FAR_DAYS = 90;
const WINDOW_DAYS = 60;

/** Days since and until a long closure (90 = none near), and closed working days in the last 60. */
export const longClosure: DayFeature = {
  scope: "day",
  names: ["days_since_closure", "days_until_closure", "closed_last60"],
  compute(view, store, t, out, at) {
    const { closed, long, rowOf } = closuresOf(view);
    const { calendarDays } = view.panel;
    const row = rowOf[store] * calendarDays;
    let since = 1;
    while (since < FAR_DAYS && t - since >= 0 && long[row + t - since] === 0) since++;
    let until = 1;
    while (until < FAR_DAYS && t + until < calendarDays && long[row + t + until] === 0) until++;
    out[at] = t - since < 0 ? FAR_DAYS : since;
    out[at + 1] = t + until >= calendarDays ? FAR_DAYS : until;
    let count = 0;
    for (let d = 1; d <= WINDOW_DAYS && t - d >= 0; d++) count += closed[row + t - d];
    out[at + 2] = count;
  },
};

interface Closures {
  /** asked stores x calendar days: a working day of the store on which it is closed */
  closed: Uint8Array;
  /** asked stores x calendar days: part of a long closure */
  long: Uint8Array;
  /** row of each store that is asked about */
  rowOf: Int32Array;
}

const known = new WeakMap<OriginView, Closures>();

function closuresOf(view: OriginView): Closures {
  const ready = known.get(view);
  if (ready !== undefined) return ready;
  const { panel, days } = view;
  const { calendarDays, open } = panel;
  const closed = new Uint8Array(view.asked.length * calendarDays);
  const long = new Uint8Array(closed.length);
  const rowOf = new Int32Array(panel.storeIds.length);
  for (let i = 0; i < view.asked.length; i++) {
    const row = i * calendarDays;
    const cells = view.asked[i] * calendarDays;
    rowOf[view.asked[i]] = i;
    let recent = 0;
    for (let t = 0; t < calendarDays; t++) {
      if (days.weekday[t] !== 7 && open[cells + t] === 0) closed[row + t] = 1;
      recent += closed[row + t] - (t >= 7 ? closed[row + t - 7] : 0);
      if (recent >= CLOSED_WORKING_DAYS) long.fill(1, row + Math.max(0, t - 6), row + t + 1);
    }
    // The week in which a closure begins or ends has open days too: they are no part of it.
    for (let t = 0; t < calendarDays; t++) if (open[cells + t] === 1) long[row + t] = 0;
  }
  const closures = { closed, long, rowOf };
  known.set(view, closures);
  return closures;
}
