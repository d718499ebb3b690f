import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawSalesOverTime } from "../../../charts/sales-over-time.ts";
import type { TableColumn } from "../../../components/table-column.ts";
import type { BatchForecast, PortfolioPoint } from "../../../lib/api-types.ts";
import { count, dayLong, money, moneyShort } from "../../../lib/format.ts";
import { toChainForecast } from "../../common/history-days.ts";

interface PortfolioChartProps {
  forecast: BatchForecast | undefined;
  /** What to show while there is no forecast. */
  otherwise: ChartState<PortfolioPoint>;
  isRefreshing: boolean;
}

/** What all stores of the portfolio sell together, day by day. */
export function PortfolioChart({ forecast, otherwise, isRefreshing }: PortfolioChartProps) {
  const drawn = useMemo(() => {
    if (forecast === undefined) return null;
    const { portfolio_series: points, portfolio_summary: sum } = forecast;
    return {
      draw: drawSalesOverTime({
        granularity: "daily",
        history: [],
        forecast: toChainForecast(points, sum.stores_count),
        strips: ["promo", "closed", "plan"],
      }),
      rows: points,
      summary: chartSummary(points),
    };
  }, [forecast]);
  return (
    <Chart<PortfolioPoint>
      title="All together"
      unit="€ per day"
      height={320}
      state={drawn === null ? otherwise : { status: "ready", ...drawn, isRefreshing }}
      columns={COLUMNS}
      rowKey={(point) => point.date}
      fileName="portfolio_by_day"
      legend={
        <>
          <LegendItem look="forecast">Forecast</LegendItem>
          <LegendItem look="band80">80%</LegendItem>
          <LegendItem look="band95">95% interval</LegendItem>
          <LegendItem look="promo">Promotion</LegendItem>
          <LegendItem look="closed">Nearly all closed</LegendItem>
        </>
      }
      foot="The total of a day is the sum of its stores. The interval is of the sum: good and bad days of stores even out in part, so it is narrower than the stores' limits added up."
    />
  );
}

/** The chart in a sentence: the strongest and the weakest day on which most stores are open. */
export function chartSummary(points: readonly PortfolioPoint[]): string {
  const most = Math.max(...points.map((point) => point.open), 1);
  const open = points.filter((point) => point.open >= most / 2);
  const [first] = open;
  if (first === undefined) return "No store is open on these days.";
  const strongest = open.reduce((a, b) => (b.predicted_sales > a.predicted_sales ? b : a), first);
  const weakest = open.reduce((a, b) => (b.predicted_sales < a.predicted_sales ? b : a), first);
  if (strongest === weakest) return `${moneyShort(first.predicted_sales)} on ${dayLong(first.date)}.`;
  return `Between ${moneyShort(weakest.predicted_sales)} on ${dayLong(weakest.date)} and ${moneyShort(strongest.predicted_sales)} on ${dayLong(strongest.date)}, on days when most stores are open.`;
}

const COLUMNS: TableColumn<PortfolioPoint>[] = [
  { key: "date", header: "Day", value: (point) => point.date, text: (point) => dayLong(point.date) },
  {
    key: "predicted_sales",
    header: "Forecast",
    align: "right",
    value: (point) => point.predicted_sales,
    text: (point) => money(point.predicted_sales),
  },
  {
    key: "predicted_lower",
    header: "80% from",
    align: "right",
    value: (point) => point.predicted_lower,
    text: (point) => money(point.predicted_lower),
  },
  {
    key: "predicted_upper",
    header: "to",
    align: "right",
    value: (point) => point.predicted_upper,
    text: (point) => money(point.predicted_upper),
  },
  {
    key: "open_stores",
    header: "Open stores",
    align: "right",
    value: (point) => point.open,
    text: (point) => count(point.open),
  },
  {
    key: "promo_stores",
    header: "With promotion",
    align: "right",
    value: (point) => point.promo,
    text: (point) => count(point.promo),
  },
];
