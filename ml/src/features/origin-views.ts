/**
 * Where models get what was known at an origin. Working it out costs a second per origin of a thousand stores, so whoever
 * asks about one panel more than once keeps the views; a what-if question changes coming days only and shares the rest.
 */
import { type Panel, truncatePanel } from "../panel.ts";
import { type OriginView, originView } from "./origin-view.ts";

export interface OriginViews {
  /**
   * @param end   day index of the first day after the origin, at most the panel's `historyDays`
   * @param ahead days after the origin whose calendar is known then
   */
  from(end: number, ahead: number): OriginView;
}

/** Works every view out when it is asked for, and forgets it. */
export function freshViews(panel: Panel): OriginViews {
  return {
    from: (end, ahead) => originView(truncatePanel(panel, panel.firstDay + end - 1, ahead, ahead)),
  };
}

/** Works every view out once. */
export function keptViews(panel: Panel): OriginViews {
  const fresh = freshViews(panel);
  const kept = new Map<string, OriginView>();
  return {
    from(end, ahead) {
      const key = `${end}|${ahead}`;
      let view = kept.get(key);
      if (view === undefined) {
        view = fresh.from(end, ahead);
        kept.set(key, view);
      }
      return view;
    },
  };
}

const CALENDARS = ["open", "promo", "schoolHoliday", "stateHoliday"] as const;

/**
 * The views of a panel that differs from another one in the coming days of some stores.
 *
 * @param views   of `base`
 * @param changed `base` with other coming days
 * @param stores  the only stores whose days differ and may be asked about, ascending
 */
export function changedViews(
  views: OriginViews,
  base: Panel,
  changed: Panel,
  stores: Int32Array,
): OriginViews {
  const kept = new Map<OriginView, OriginView>();
  return {
    from(end, ahead) {
      const view = views.from(end, ahead);
      let other = kept.get(view);
      if (other === undefined) {
        other = { ...view, panel: withComingDays(view.panel, base, changed, stores), asked: stores };
        kept.set(view, other);
      }
      return other;
    },
  };
}

/** A cut of `base` with those of its days changed in which `changed` differs from `base`. */
function withComingDays(cut: Panel, base: Panel, changed: Panel, stores: Int32Array): Panel {
  const days = Math.min(cut.calendarDays, base.calendarDays);
  const renewed = { ...cut };
  for (const name of CALENDARS) {
    const cells = cut[name].slice();
    for (const s of stores) {
      for (let t = base.historyDays; t < days; t++) {
        const place = s * base.calendarDays + t;
        if (changed[name][place] !== base[name][place]) {
          cells[s * cut.calendarDays + t] = changed[name][place];
        }
      }
    }
    renewed[name] = cells;
  }
  return renewed;
}
