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
 * Ask a question of the views as they would be if the coming days of some stores were those of another panel. The days are
 * written into the kept views for the time of the question and taken back at its end: a copy of every view would cost
 * more than the answer.
 *
 * @param views   of `base`, kept
 * @param changed `base` with other coming days
 * @param stores  the only stores whose days differ and may be asked about, ascending
 * @param ask     must not wait for anything: nobody else may look meanwhile
 */
export function withChangedViews<Answer>(
  views: OriginViews,
  base: Panel,
  changed: Panel,
  stores: Int32Array,
  ask: (changedViews: OriginViews) => Answer,
): Answer {
  const written = new Map<OriginView, OriginView>();
  const undo: (() => void)[] = [];
  try {
    return ask({
      from(end, ahead) {
        const view = views.from(end, ahead);
        let other = written.get(view);
        if (other === undefined) {
          undo.push(writeComingDays(view.panel, base, changed, stores));
          // Another object, so that what is worked out from the coming days is not mistaken for the view's own.
          other = { ...view, asked: stores };
          written.set(view, other);
        }
        return other;
      },
    });
  } finally {
    for (const takeBack of undo) takeBack();
  }
}

/** Writes those days of `changed` into a cut of `base` that differ from it. @returns what takes them back */
function writeComingDays(cut: Panel, base: Panel, changed: Panel, stores: Int32Array): () => void {
  const days = Math.min(cut.calendarDays, base.calendarDays);
  const before: { cells: Uint8Array; cell: number; value: number }[] = [];
  for (const name of CALENDARS) {
    const cells = cut[name];
    for (const s of stores) {
      for (let t = base.historyDays; t < days; t++) {
        const place = s * base.calendarDays + t;
        if (changed[name][place] === base[name][place]) continue;
        const cell = s * cut.calendarDays + t;
        before.push({ cells, cell, value: cells[cell] });
        cells[cell] = changed[name][place];
      }
    }
  }
  return () => {
    for (const { cells, cell, value } of before) cells[cell] = value;
  };
}
