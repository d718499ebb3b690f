import { calendarParts, weekday } from "@rossmann/core";
import type { Panel } from "../panel.ts";

/** Calendar parts of every day of a panel, so that no feature asks the calendar twice. */
export interface DayTable {
  /** 1 = Monday … 7 = Sunday */
  weekday: Uint8Array;
  dayOfMonth: Uint8Array;
  daysInMonth: Uint8Array;
  month: Uint8Array;
  year: Int32Array;
  dayOfYear: Int32Array;
  weekOfYear: Uint8Array;
}

export function dayTable(panel: Panel): DayTable {
  const length = panel.calendarDays;
  const table: DayTable = {
    weekday: new Uint8Array(length),
    dayOfMonth: new Uint8Array(length),
    daysInMonth: new Uint8Array(length),
    month: new Uint8Array(length),
    year: new Int32Array(length),
    dayOfYear: new Int32Array(length),
    weekOfYear: new Uint8Array(length),
  };
  for (let t = 0; t < length; t++) {
    const day = panel.firstDay + t;
    const parts = calendarParts(day);
    table.weekday[t] = weekday(day);
    table.dayOfMonth[t] = parts.dayOfMonth;
    table.daysInMonth[t] = parts.daysInMonth;
    table.month[t] = parts.month;
    table.year[t] = parts.year;
    table.dayOfYear[t] = parts.dayOfYear;
    table.weekOfYear[t] = parts.weekOfYear;
  }
  return table;
}
