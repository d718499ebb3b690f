/** What a scenario does to the coming days of some stores: a copy of the panel with another calendar. */
import { type DayNumber, weekday } from "@rossmann/core";
import type { Panel } from "../panel.ts";

export type PromoMode = "as_is" | "always_on" | "weekends_only" | "off";
export type SchoolHolidayMode = "as_is" | "always_on" | "off";

/** One day written anew. What is absent stays as it is. */
export interface CalendarEdit {
  day: DayNumber;
  /** absent: every store of the scenario */
  storeId?: number;
  open?: 0 | 1;
  promo?: 0 | 1;
  schoolHoliday?: 0 | 1;
  /** 0 none, 1 public holiday, 2 Easter, 3 Christmas */
  stateHoliday?: 0 | 1 | 2 | 3;
}

export interface CalendarPlan {
  /** on open days only */
  promoMode: PromoMode;
  /** false closes Saturdays and Sundays; true leaves each weekday as it is */
  weekendOpen: boolean;
  schoolHolidayMode: SchoolHolidayMode;
  /** applied after the modes; the last one of a day wins */
  edits: readonly CalendarEdit[];
}

const SATURDAY = 6;

/**
 * Ask a question of the panel as it would be with the plan carried out on every coming day of the given stores, also behind
 * the horizon that is asked about: what a day sells must not depend on how far the question reaches. The given panel is
 * not changed; the other one is the same object each time, and holds the plan only while the question is asked.
 *
 * @param ask gets `panel` itself when the plan changes no day; must not wait for anything: nobody else may look meanwhile
 */
export function withPlannedCalendar<Answer>(
  panel: Panel,
  stores: Int32Array,
  plan: CalendarPlan,
  ask: (changed: Panel) => Answer,
): Answer {
  const changed = spareOf(panel);
  try {
    for (const store of stores) {
      const edits = editsOf(plan, panel.storeIds[store]);
      for (let t = panel.historyDays; t < panel.calendarDays; t++) {
        const day = panel.firstDay + t;
        const isWeekend = weekday(day) >= SATURDAY;
        planDay(changed, store * panel.calendarDays + t, isWeekend, plan, edits.get(day));
      }
    }
    return ask(isSame(panel, changed, stores) ? panel : changed);
  } finally {
    for (const store of stores) {
      const [from, to] = [store * panel.calendarDays + panel.historyDays, (store + 1) * panel.calendarDays];
      for (const name of CALENDARS) changed[name].set(panel[name].subarray(from, to), from);
    }
  }
}

const CALENDARS = ["open", "promo", "schoolHoliday", "stateHoliday"] as const;
const spares = new WeakMap<Panel, Panel>();

/** A copy of the calendars to write plans into: four megabytes for a large chain, too many to copy for each question. */
function spareOf(panel: Panel): Panel {
  let spare = spares.get(panel);
  if (spare === undefined) {
    spare = { ...panel };
    for (const name of CALENDARS) Object.assign(spare, { [name]: panel[name].slice() });
    spares.set(panel, spare);
  }
  return spare;
}

function editsOf(plan: CalendarPlan, storeId: number): Map<DayNumber, CalendarEdit> {
  const edits = new Map<DayNumber, CalendarEdit>();
  for (const edit of plan.edits) {
    if (edit.storeId !== undefined && edit.storeId !== storeId) continue;
    edits.set(edit.day, { ...edits.get(edit.day), ...edit });
  }
  return edits;
}

function planDay(
  panel: Panel,
  cell: number,
  isWeekend: boolean,
  plan: CalendarPlan,
  edit: CalendarEdit | undefined,
): void {
  if (plan.schoolHolidayMode !== "as_is") {
    panel.schoolHoliday[cell] = plan.schoolHolidayMode === "always_on" ? 1 : 0;
  }
  if (!plan.weekendOpen && isWeekend) panel.open[cell] = 0;
  if (edit?.open !== undefined) panel.open[cell] = edit.open;
  if (edit?.schoolHoliday !== undefined) panel.schoolHoliday[cell] = edit.schoolHoliday;
  if (edit?.stateHoliday !== undefined) panel.stateHoliday[cell] = edit.stateHoliday;
  if (plan.promoMode !== "as_is" && panel.open[cell] === 1) {
    panel.promo[cell] =
      plan.promoMode === "always_on" || (plan.promoMode === "weekends_only" && isWeekend) ? 1 : 0;
  }
  if (edit?.promo !== undefined) panel.promo[cell] = edit.promo;
}

function isSame(a: Panel, b: Panel, stores: Int32Array): boolean {
  for (const store of stores) {
    for (let t = a.historyDays; t < a.calendarDays; t++) {
      if (differs(a, b, store * a.calendarDays + t)) return false;
    }
  }
  return true;
}

/** Is a store-day's calendar another one in two panels of the same shape? */
export function differs(a: Panel, b: Panel, cell: number): boolean {
  return (
    a.open[cell] !== b.open[cell] ||
    a.promo[cell] !== b.promo[cell] ||
    a.schoolHoliday[cell] !== b.schoolHoliday[cell] ||
    a.stateHoliday[cell] !== b.stateHoliday[cell]
  );
}
