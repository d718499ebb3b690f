import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawSalesOverTime, type HistoryDay } from "../../../charts/sales-over-time.ts";
import { drawStoreComparison } from "../../../charts/store-comparison.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Freshness } from "../../../components/freshness.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { SalesPoint, SystemSummary } from "../../../lib/api-types.ts";
import { daysInRange } from "../../../lib/days.ts";
import { dayLong, money, moneyShort, month } from "../../../lib/format.ts";
import type { Scope } from "../../../lib/shared-filters.ts";
import { type Granularity, salesSeries } from "../../common/api/sales-series.ts";
import { type SeriesRow, seriesColumns, seriesRows } from "../../common/history-columns.ts";
import { toHistory } from "../../common/history-days.ts";

interface StoreTrendProps {
  scope: Scope;
  granularity: Granularity;
  series: UseQueryResult<SalesPoint[]>;
  compared: readonly number[];
  summary: SystemSummary;
}

/** The chosen store over time; with others chosen, all of them on one axis. */
export function StoreTrend(props: StoreTrendProps) {
  return props.compared.length > 0 ? <ComparisonTrend {...props} /> : <SingleTrend {...props} />;
}

/** From this many days on, single days are shown faint behind their 7-day average. */
const AVERAGE_FROM_DAYS = 45;

function SingleTrend({ scope, granularity, series, summary }: StoreTrendProps) {
  const { period, store } = scope;
  const drawn = useMemo(() => {
    const history = toHistory(series.data ?? [], granularity);
    return {
      draw: drawSalesOverTime({ granularity, history, forecast: [], strips: ["promo", "closed"] }),
      rows: seriesRows(history, []),
      summary: meanSentence(history, granularity),
    };
  }, [series.data, granularity]);
  const hasAverage = granularity === "daily" && daysInRange(period.from, period.to) > AVERAGE_FROM_DAYS;
  return (
    <Chart<SeriesRow>
      title={store === null ? "Sales of all stores" : `Sales of store ${store}`}
      unit={granularity === "monthly" ? "€ per month" : "€ per day"}
      height={320}
      state={stateOf(series, drawn)}
      columns={seriesColumns(granularity, false)}
      rowKey={(row) => row.date}
      fileName={`sales_${store === null ? "chain" : `store_${store}`}_${period.from}_${period.to}_${granularity}`}
      legend={
        hasAverage && (
          <>
            <LegendItem look="history">Sales of a day</LegendItem>
            <LegendItem look="average">7-day average</LegendItem>
          </>
        )
      }
      foot={<Freshness lastDay={summary.date_to} loadedAt={summary.loaded_at} />}
    />
  );
}

function stateOf(
  series: UseQueryResult<SalesPoint[]>,
  drawn: Pick<Extract<ChartState<SeriesRow>, { status: "ready" }>, "draw" | "rows" | "summary">,
): ChartState<SeriesRow> {
  if (series.isPending) return { status: "loading" };
  if (series.data === undefined)
    return { status: "error", error: series.error, onRetry: () => void series.refetch() };
  if (series.data.length === 0)
    return {
      status: "empty",
      empty: (
        <EmptyState kind="no-match" title="No sales in this period">
          Choose another period or store.
        </EmptyState>
      ),
    };
  return { status: "ready", ...drawn, isRefreshing: series.isPlaceholderData };
}

function meanSentence(history: readonly HistoryDay[], granularity: Granularity): string {
  const open = history.flatMap((entry) => (entry.isClosed || entry.sales === null ? [] : [entry.sales]));
  if (open.length === 0) return "No open day.";
  const mean = open.reduce((sum, value) => sum + value, 0) / open.length;
  return granularity === "monthly"
    ? `${moneyShort(mean)} a month on average.`
    : `${moneyShort(mean)} on an open day on average.`;
}

interface ComparedRow {
  date: string;
  values: (number | null)[];
}

function ComparisonTrend({ scope, granularity, series, compared }: StoreTrendProps) {
  const { period, source, store } = scope;
  const others = useQueries({
    queries: compared.map((id) => salesSeries({ source, store: id, period, granularity })),
  });
  const hasAverage = granularity === "daily" && daysInRange(period.from, period.to) > AVERAGE_FROM_DAYS;
  // The chain beside single stores would flatten them, so it is left out.
  const shown = store === null ? others : [series, ...others];
  const ids = store === null ? compared : [store, ...compared];
  const failed = shown.find((query) => query.isError && query.data === undefined);
  const isPending = shown.some((query) => query.isPending);

  const drawn =
    isPending || failed
      ? null
      : draw(
          ids,
          shown.map((query) => toHistory(query.data ?? [], granularity)),
          store,
          granularity,
          hasAverage,
        );
  const columns: TableColumn<ComparedRow>[] = [
    {
      key: "date",
      header: granularity === "monthly" ? "Month" : "Day",
      value: (row) => row.date,
      text: (row) => (granularity === "monthly" ? month(row.date) : dayLong(row.date)),
    },
    ...ids.map((id, i) => ({
      key: `store_${id}`,
      header: `Store ${id}`,
      align: "right" as const,
      value: (row: ComparedRow) => row.values[i],
      text: (row: ComparedRow) => money(row.values[i]),
    })),
  ];
  return (
    <Chart<ComparedRow>
      title={`${ids.length} stores side by side`}
      unit={hasAverage ? "€ per day, 7-day average" : granularity === "monthly" ? "€ per month" : "€ per day"}
      height={340}
      state={
        failed?.error
          ? { status: "error", error: failed.error, onRetry: () => void failed.refetch() }
          : drawn === null
            ? { status: "loading" }
            : { status: "ready", ...drawn, isRefreshing: shown.some((query) => query.isPlaceholderData) }
      }
      columns={columns}
      rowKey={(row) => row.date}
      fileName={`sales_stores_${ids.join("_")}_${period.from}_${period.to}_${granularity}`}
    />
  );
}

function draw(
  ids: readonly number[],
  histories: readonly HistoryDay[][],
  main: number | null,
  granularity: Granularity,
  hasAverage: boolean,
) {
  const days = [...new Set(histories.flatMap((history) => history.map((entry) => entry.date)))].toSorted();
  const series = ids.map((id, i) => {
    const byDay = new Map(
      histories[i]?.map((entry) => [
        entry.date,
        hasAverage ? entry.average : entry.isClosed ? null : entry.sales,
      ]),
    );
    return { name: `Store ${id}`, isMain: id === main, values: days.map((date) => byDay.get(date) ?? null) };
  });
  const totals = ids
    .map((id, i) => ({ id, total: (histories[i] ?? []).reduce((sum, entry) => sum + (entry.sales ?? 0), 0) }))
    .toSorted((a, b) => b.total - a.total);
  const [best, worst] = [totals[0], totals.at(-1)];
  return {
    draw: drawStoreComparison(days, series, granularity),
    rows: days.map((date, i) => ({ date, values: series.map((entry) => entry.values[i] ?? null) })),
    summary:
      best && worst && best !== worst
        ? `Store ${best.id} sold most with ${moneyShort(best.total)}, store ${worst.id} least with ${moneyShort(worst.total)}.`
        : "",
  };
}
