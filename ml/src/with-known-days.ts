import { projectCalendar } from "./calendar.ts";
import { Basis, type Panel, storeIndexer } from "./panel.ts";
import type { CalendarRows } from "./panel-rows.ts";

/**
 * The same panel with some coming days known in advance, in place of what was known about them before; the days nobody
 * knows are projected anew. History and known days that are not named stay. The given panel is not changed.
 *
 * @param rows days after the panel's origin; days outside of the calendar are ignored
 */
export function withKnownDays(panel: Panel, rows: CalendarRows): Panel {
  const renewed: Panel = {
    ...panel,
    open: panel.open.slice(),
    promo: panel.promo.slice(),
    schoolHoliday: panel.schoolHoliday.slice(),
    stateHoliday: panel.stateHoliday.slice(),
    basis: panel.basis.slice(),
  };
  for (let cell = 0; cell < renewed.basis.length; cell++) {
    if (renewed.basis[cell] === Basis.projected) renewed.basis[cell] = Basis.absent;
  }
  const indexOf = storeIndexer(panel.storeIds);
  for (let i = 0; i < rows.dayNumbers.length; i++) {
    const t = rows.dayNumbers[i] - panel.firstDay;
    if (t < panel.historyDays || t >= panel.calendarDays) continue;
    const cell = indexOf(rows.storeIds[i]) * panel.calendarDays + t;
    renewed.open[cell] = rows.open[i];
    renewed.promo[cell] = rows.promo[i];
    renewed.schoolHoliday[cell] = rows.schoolHoliday[i];
    renewed.stateHoliday[cell] = rows.stateHoliday[i];
    renewed.basis[cell] = Basis.known;
  }
  projectCalendar(renewed);
  return renewed;
}
