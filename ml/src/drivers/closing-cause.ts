import { weekday } from "@rossmann/core";
import type { Panel } from "../panel.ts";
import { HOLIDAYS, WEEKDAY } from "./driver-groups.ts";

const SUNDAY = 7;
const DAYS_AROUND = 2;

/**
 * The cause that closed days around a day stand for. A Saturday sells more because the shop is closed tomorrow: as long as
 * that is every week's Sunday it is what a planner calls the weekday; a closed day besides makes it a matter of holidays.
 */
export function closingCause(panel: Panel, store: number, t: number): number {
  for (let d = -DAYS_AROUND; d <= DAYS_AROUND; d++) {
    const day = t + d;
    if (day < 0 || day >= panel.calendarDays || panel.open[store * panel.calendarDays + day] === 1) continue;
    if (weekday(panel.firstDay + day) !== SUNDAY) return HOLIDAYS;
  }
  return WEEKDAY;
}
