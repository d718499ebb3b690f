import type { KpiSummary, Store } from "../../../lib/api-types.ts";
import { ratioOfChange } from "../../../lib/change.ts";
import { assortmentName } from "../../../lib/describe-store.ts";
import { dayRange, moneyShort, percent, plural } from "../../../lib/format.ts";
import type { Comparison } from "../../../lib/period.ts";
import type { Scope } from "../../../lib/shared-filters.ts";

/** Who it is, what was sold, and how that compares, in one sentence. */
export function storeAnswer(
  chosen: Store | null,
  stores: readonly Store[],
  kpi: KpiSummary | null,
  scope: Scope,
  wish: Comparison,
): string {
  if (kpi === null) return " ";
  const when = dayRange(scope.period.from, scope.period.to);
  if (kpi.store_days === 0) return `There are no sales in ${when}.`;
  const who =
    chosen === null
      ? `All ${plural(stores.length, "store")} together`
      : `Store ${chosen.store_id}${chosen.sales_rank === null ? "" : `, number ${chosen.sales_rank} of ${stores.length} by sales,`}`;
  const kind = chosen?.store_type
    ? ` It is of type ${chosen.store_type} with assortment ${assortmentName(chosen.assortment) ?? "unknown"}.`
    : "";
  const change = ratioOfChange(kpi.total_sales, kpi.comparison?.total_sales);
  const compared =
    change === null
      ? ""
      : `, ${percent(Math.abs(change))} ${change < 0 ? "below" : "above"} ${wish === "year" ? "the same weekdays a year before" : "the period before"}`;
  return `${who} sold ${moneyShort(kpi.total_sales)} in ${when}${compared}.${kind}`;
}
