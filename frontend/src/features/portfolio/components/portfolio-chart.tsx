import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawSalesOverTime } from "../../../charts/sales-over-time.ts";
import type { TableColumn } from "../../../components/table-column.ts";
import type { Batch, PortfolioPoint } from "../../../lib/api-types.ts";
import { count, day, dayLong, money, moneyShort, percentWhole } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { groupMarks } from "../../common/history-days.ts";

interface PortfolioChartProps {
  batch: Batch | undefined;
  /** What to show while there is no forecast. */
  otherwise: ChartState<PortfolioPoint>;
  isRefreshing: boolean;
}

/** What all stores of the portfolio sell together, day by day. */
export function PortfolioChart({ batch, otherwise, isRefreshing }: PortfolioChartProps) {
  const drawn = useMemo(() => {
    if (batch === undefined) return null;
    const { portfolio_series: points, portfolio_summary: sum } = batch;
    return {
      draw: drawSalesOverTime({
        granularity: "daily",
        history: [],
        forecast: points.map((point) => ({
          date: point.date,
          sales: point.predicted_sales,
          lower80: point.predicted_lower,
          upper80: point.predicted_upper,
          lower95: null,
          upper95: null,
          ...groupMarks({ ...point, open: point.open_stores, promo: point.promo_stores }, sum.stores_count),
        })),
        strips: ["promo", "closed", "plan"],
        level: Math.round(batch.request.confidence_level * 100),
      }),
      rows: points,
      summary: chartSummary(points),
    };
  }, [batch]);
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
          <LegendItem look="band80">
            {`${percentWhole(batch?.request.confidence_level ?? 0.8)} interval of the sum`}
          </LegendItem>
          <LegendItem look="known">Plan known</LegendItem>
          <LegendItem look="projected">Plan projected</LegendItem>
        </>
      }
      foot={
        batch && (
          <>
            Sales to {day(batch.origin)} · {modelName(batch.model_type)}
            {batch.model_version !== null && <>, version {batch.model_version}</>} · run {batch.run_id} ·
            Every total is the sum of its stores; the interval is of the sum itself, from errors that the
            stores made together in the backtest.
          </>
        )
      }
    />
  );
}

/** The chart in a sentence: the strongest and the weakest day on which most stores are open. */
export function chartSummary(
  points: readonly Pick<PortfolioPoint, "date" | "predicted_sales" | "open_stores">[],
): string {
  const most = Math.max(...points.map((point) => point.open_stores), 1);
  const open = points.filter((point) => point.open_stores >= most / 2);
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
    header: "From",
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
    value: (point) => point.open_stores,
    text: (point) => count(point.open_stores),
  },
  {
    key: "promo_stores",
    header: "With promotion",
    align: "right",
    value: (point) => point.promo_stores,
    text: (point) => count(point.promo_stores),
  },
];
