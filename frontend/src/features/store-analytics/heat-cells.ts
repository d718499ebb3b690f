import type { HeatCell } from "../../charts/weekday-month-heat.ts";
import type { SalesPoint } from "../../lib/api-types.ts";
import { monthOf, weekdayOf } from "../../lib/days.ts";

const OPEN_SHARE = 0.1;

/** Mean sales of the open days by weekday and month; weekdays without an open day have no cell. */
export function heatCells(points: readonly SalesPoint[]): HeatCell[] {
  const cells = new Map<number, { total: number; days: number }>();
  for (const point of points) {
    const stores = point.store_id === null ? (point.stores_count ?? 0) : 1;
    if ((point.open ?? 0) === 0 || (point.open ?? 0) < OPEN_SHARE * stores) continue;
    const key = weekdayOf(point.date) * 100 + monthOf(point.date);
    const cell = cells.get(key) ?? { total: 0, days: 0 };
    cells.set(key, { total: cell.total + point.sales, days: cell.days + 1 });
  }
  return [...cells]
    .map(([key, { total, days }]) => ({
      weekday: Math.floor(key / 100),
      month: key % 100,
      mean: total / days,
      days,
    }))
    .toSorted((a, b) => a.weekday - b.weekday || a.month - b.month);
}
