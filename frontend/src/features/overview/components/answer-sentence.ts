import type { KpiSummary } from "../../../lib/api-types.ts";
import { ratioOfChange } from "../../../lib/change.ts";
import { daysInRange } from "../../../lib/days.ts";
import { dayRange, moneyShort, percent } from "../../../lib/format.ts";
import type { Comparison } from "../../../lib/period.ts";
import type { Scope } from "../../../lib/shared-filters.ts";
import type { Outlook } from "../api/outlook.ts";

/** "Sales were €498.2M from 3 May – 31 Jul 2015, 2.1% above the 90 days before; €231M are forecast for the next six weeks." */
export function answerSentence(
  kpi: KpiSummary,
  outlook: Outlook | null,
  scope: Scope & { wish: Comparison },
): string {
  const { period, store, wish } = scope;
  const who = store === null ? "The chain" : `Store ${store}`;
  if (kpi.store_days === 0) return `${who} has no sales in ${dayRange(period.from, period.to)}.`;
  const change = ratioOfChange(kpi.total_sales, kpi.comparison?.total_sales);
  const before =
    wish === "year"
      ? "the same weekdays a year before"
      : `the ${daysInRange(period.from, period.to)} days before`;
  const compared =
    change === null
      ? ""
      : Math.abs(change) < 0.0005
        ? `, as much as in ${before}`
        : `, ${percent(Math.abs(change))} ${change > 0 ? "above" : "below"} ${before}`;
  const coming = outlook === null ? "" : ` The next six weeks are forecast at ${moneyShort(outlook.total)}.`;
  return `${who} sold ${moneyShort(kpi.total_sales)} in ${dayRange(period.from, period.to)}${compared}.${coming}`;
}
