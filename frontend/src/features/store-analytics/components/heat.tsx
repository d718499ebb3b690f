import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { drawWeekdayMonthHeat, type HeatCell } from "../../../charts/weekday-month-heat.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { SalesPoint } from "../../../lib/api-types.ts";
import { count, dayRange, money, moneyShort, monthName, weekdayName } from "../../../lib/format.ts";
import type { Period } from "../../../lib/period.ts";
import { heatCells } from "../heat-cells.ts";

const COLUMNS: TableColumn<HeatCell>[] = [
  {
    key: "weekday",
    header: "Weekday",
    value: (cell) => cell.weekday,
    text: (cell) => weekdayName(cell.weekday),
  },
  { key: "month", header: "Month", value: (cell) => cell.month, text: (cell) => monthName(cell.month) },
  {
    key: "mean_sales",
    header: "Mean sales",
    align: "right",
    value: (cell) => cell.mean,
    text: (cell) => money(cell.mean),
  },
  {
    key: "open_days",
    header: "Open days",
    align: "right",
    value: (cell) => cell.days,
    text: (cell) => count(cell.days),
  },
];

/** When it sells: weekday against month, over the whole history. */
export function Heat({
  whole,
  data,
  store,
}: {
  whole: UseQueryResult<SalesPoint[]>;
  data: Period;
  store: number | null;
}) {
  const cells = useMemo(() => heatCells(whole.data ?? []), [whole.data]);
  const drawn = useMemo(() => drawWeekdayMonthHeat(cells), [cells]);
  return (
    <Chart<HeatCell>
      title="When it sells"
      unit={`€ on an open day, mean of ${dayRange(data.from, data.to)}`}
      height={244}
      state={state()}
      columns={COLUMNS}
      rowKey={(cell) => `${cell.weekday}-${cell.month}`}
      fileName={`weekday_by_month_${store === null ? "chain" : `store_${store}`}`}
    />
  );

  function state(): ChartState<HeatCell> {
    if (whole.isPending) return { status: "loading" };
    if (whole.data === undefined)
      return { status: "error", error: whole.error, onRetry: () => void whole.refetch() };
    const best = cells.toSorted((a, b) => b.mean - a.mean)[0];
    if (best === undefined)
      return { status: "empty", empty: <EmptyState kind="no-match" title="No open day in the data" /> };
    return {
      status: "ready",
      draw: drawn,
      rows: cells,
      summary: `Strongest: ${weekdayName(best.weekday)} in ${monthName(best.month)} with ${moneyShort(best.mean)}.`,
      isRefreshing: whole.isPlaceholderData,
    };
  }
}
