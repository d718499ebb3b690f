import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawSalesOverTime } from "../../../charts/sales-over-time.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Freshness } from "../../../components/freshness.tsx";
import type { SalesPoint, SystemSummary } from "../../../lib/api-types.ts";
import { dayLong, moneyShort, month } from "../../../lib/format.ts";
import type { Scope } from "../../../lib/shared-filters.ts";
import type { Granularity } from "../../common/api/sales-series.ts";
import { type SeriesRow, seriesColumns, seriesRows } from "../../common/history-columns.ts";
import { toHistory } from "../../common/history-days.ts";
import type { Outlook } from "../api/outlook.ts";

interface TrendProps {
  scope: Scope;
  granularity: Granularity;
  series: UseQueryResult<SalesPoint[]>;
  outlook: UseQueryResult<Outlook>;
  summary: SystemSummary;
}

/** Sales over the period, and the forecast where the period reaches the data's last day. */
export function Trend({ scope, granularity, series, outlook, summary }: TrendProps) {
  const { period, store, data } = scope;
  const endsWithData = period.to === data.to && granularity === "daily";
  const days = endsWithData ? outlook.data?.days : undefined;
  const model = outlook.data?.model ?? "";

  const drawn = useMemo(() => {
    const history = toHistory(series.data ?? [], granularity);
    const forecast = days ?? [];
    return {
      draw: drawSalesOverTime({
        granularity,
        history,
        forecast,
        strips: forecast.length > 0 ? ["promo", "closed", "plan"] : ["promo", "closed"],
      }),
      rows: seriesRows(history, forecast),
      summary: peakSentence(history, granularity),
    };
  }, [series.data, granularity, days]);
  const hasAverage = granularity === "daily" && (series.data?.length ?? 0) > 45;
  const hasForecast = (days?.length ?? 0) > 0;

  return (
    <Chart<SeriesRow>
      title={hasForecast ? "Sales and forecast" : "Sales"}
      unit={granularity === "monthly" ? "€ per month" : "€ per day"}
      height={360}
      state={state()}
      columns={seriesColumns(granularity, hasForecast)}
      rowKey={(row) => row.date}
      fileName={`sales_${store === null ? "chain" : `store_${store}`}_${period.from}_${period.to}_${granularity}`}
      legend={
        granularity === "daily" && (
          <>
            <LegendItem look={hasAverage ? "history" : "average"}>Sales of a day</LegendItem>
            {hasAverage && <LegendItem look="average">7-day average</LegendItem>}
            {hasForecast && (
              <>
                <LegendItem look="forecast">Forecast</LegendItem>
                <LegendItem look="band80">80% interval</LegendItem>
                <LegendItem look="band95">95% interval</LegendItem>
                <LegendItem look="known">Plan known</LegendItem>
                <LegendItem look="projected">Plan projected</LegendItem>
              </>
            )}
          </>
        )
      }
      foot={
        <>
          <Freshness lastDay={summary.date_to} loadedAt={summary.loaded_at} />
          {hasForecast && model !== "" && <span> · Forecast by the {model}</span>}
          {endsWithData && outlook.isError && (
            <span> · The forecast could not be loaded: {outlook.error.message}</span>
          )}
        </>
      }
    />
  );

  function state(): ChartState<SeriesRow> {
    if (series.isPending) return { status: "loading" };
    if (series.data === undefined)
      return { status: "error", error: series.error, onRetry: () => void series.refetch() };
    if (series.data.length === 0) {
      return {
        status: "empty",
        empty: (
          <EmptyState kind="no-match" title="No sales in this period">
            Choose another period or another store.
          </EmptyState>
        ),
      };
    }
    return { status: "ready", ...drawn, isRefreshing: series.isPlaceholderData };
  }
}

/** The best day or month of a history, in words. */
function peakSentence(
  history: readonly { date: string; sales: number | null }[],
  granularity: Granularity,
): string {
  const best = history.reduce<{ date: string; sales: number } | null>(
    (found, { date, sales }) =>
      sales !== null && (found === null || sales > found.sales) ? { date, sales } : found,
    null,
  );
  if (best === null) return "No sales.";
  return granularity === "monthly"
    ? `The best month was ${month(best.date)} with ${moneyShort(best.sales)}.`
    : `The best day was ${dayLong(best.date)} with ${moneyShort(best.sales)}.`;
}
