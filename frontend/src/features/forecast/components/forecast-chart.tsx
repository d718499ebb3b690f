import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawSalesOverTime } from "../../../charts/sales-over-time.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { ForecastPoint, SalesPoint, SystemSummary } from "../../../lib/api-types.ts";
import { day, dayRange, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { type SeriesRow, seriesColumns, seriesRows } from "../../common/history-columns.ts";
import { toForecast, toHistory } from "../../common/history-days.ts";
import type { StoreForecast } from "../api/store-forecast.ts";
import type { Correction } from "../corrections.ts";

interface ForecastChartProps {
  store: number | null;
  horizon: number;
  forecast: UseQueryResult<StoreForecast>;
  history: UseQueryResult<SalesPoint[]>;
  summary: SystemSummary;
  corrections: ReadonlyMap<string, Correction>;
  /** A day of the forecast was picked. */
  onDay: (day: string) => void;
}

/** What was sold before, and the fan of what is to come. */
export function ForecastChart(props: ForecastChartProps) {
  const { store, horizon, forecast, history, summary, corrections, onDay } = props;
  const drawn = useMemo(() => {
    const past = toHistory(history.data ?? [], "daily").map((entry) => ({ ...entry, average: null }));
    const coming = toForecast(forecast.data?.points ?? []).map((entry) => ({
      ...entry,
      corrected: corrections.get(entry.date)?.sales ?? null,
    }));
    return {
      draw: drawSalesOverTime({
        granularity: "daily",
        history: past,
        forecast: coming,
        strips: ["promo", "closed", "holiday", "school", "plan"],
      }),
      rows: seriesRows(past, coming),
      summary: knownSentence(forecast.data?.points ?? []),
    };
  }, [history.data, forecast.data, corrections]);
  const isCorrected = drawn.rows.length > 0 && corrections.size > 0;

  return (
    <Chart<SeriesRow>
      title={store === null ? "Forecast" : `Forecast of store ${store}`}
      unit="€ per day"
      height={430}
      onPick={(index) => {
        const row = drawn.rows[index];
        if (row?.kind === "forecast") onDay(row.date);
      }}
      state={state()}
      columns={COLUMNS}
      rowKey={(row) => row.date}
      fileName={`history_and_forecast_store_${store}_${horizon}d`}
      legend={
        <>
          <LegendItem look="average">Sales</LegendItem>
          <LegendItem look="forecast">Forecast</LegendItem>
          <LegendItem look="band80">80% interval</LegendItem>
          <LegendItem look="band95">95% interval</LegendItem>
          {isCorrected && <LegendItem look="corrected">Corrected</LegendItem>}
          <LegendItem look="known">Plan known</LegendItem>
          <LegendItem look="projected">Plan projected</LegendItem>
        </>
      }
      foot={
        forecast.data && (
          <>
            Sales to {day(forecast.data.origin ?? summary.date_to)} ·{" "}
            {modelName(summary.model?.model_type ?? "forecasting")}, version{" "}
            {forecast.data.modelVersion ?? summary.model?.version}
            {forecast.data.runId && <> · run {forecast.data.runId}</>}
          </>
        )
      }
    />
  );

  function state(): ChartState<SeriesRow> {
    if (forecast.data === undefined) {
      if (forecast.isError)
        return { status: "error", error: forecast.error, onRetry: () => void forecast.refetch() };
      // Called off before there was a first answer.
      if (forecast.fetchStatus === "idle" && store !== null) {
        return {
          status: "empty",
          empty: (
            <EmptyState
              kind="not-computed"
              title="The forecast was called off"
              action={<Button onClick={() => void forecast.refetch()}>Run the forecast</Button>}
            />
          ),
        };
      }
      return { status: "loading" };
    }
    if (history.isPending) return { status: "loading" };
    return {
      status: "ready",
      ...drawn,
      isRefreshing: forecast.isPlaceholderData || history.isPlaceholderData,
    };
  }
}

const COLUMNS = seriesColumns("daily", true);

/** Until when promotions and opening hours are known, and from when they are projected. */
export function knownSentence(points: readonly Pick<ForecastPoint, "date" | "basis">[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "No days.";
  const projected = points.find((point) => point.basis === "projected");
  if (projected === undefined)
    return `Promotions and opening days are known for all ${plural(points.length, "day")}.`;
  if (projected === first) return "Promotions and opening days are projected from the usual pattern.";
  return `Promotions and opening days are known before ${day(projected.date)} and projected for ${dayRange(projected.date, last.date)}.`;
}
