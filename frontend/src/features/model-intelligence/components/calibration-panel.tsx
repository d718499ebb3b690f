import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { drawGroupedBars } from "../../../charts/grouped-bars.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { BacktestTable } from "../../../lib/api-types.ts";
import { percent, percentWhole } from "../../../lib/format.ts";
import { type Calibration, calibration, calibrationSentence } from "../calibration.ts";
import { BarKey } from "./bar-key.tsx";
import classes from "./calibration-panel.module.css";

const COLUMNS: TableColumn<Calibration>[] = [
  {
    key: "nominal",
    header: "Interval",
    value: (row) => row.nominal,
    text: (row) => percentWhole(row.nominal),
  },
  {
    key: "measured",
    header: "Days inside",
    align: "right",
    value: (row) => row.measured,
    text: (row) => percent(row.measured),
  },
  {
    key: "lowest",
    header: "Lowest start",
    align: "right",
    value: (row) => row.lowest,
    text: (row) => percent(row.lowest),
  },
  {
    key: "highest",
    header: "Highest start",
    align: "right",
    value: (row) => row.highest,
    text: (row) => percent(row.highest),
  },
];

/** Whether the intervals hold what they promise: nominal share against the measured one. */
export function CalibrationPanel({
  backtest,
  model,
}: {
  backtest: UseQueryResult<BacktestTable>;
  model: string;
}) {
  const rows = backtest.data?.rows;
  const levels = useMemo(() => calibration(rows ?? [], model), [rows, model]);
  const draw = useMemo(
    () =>
      drawGroupedBars(
        levels.map((level) => `${percentWhole(level.nominal)} interval`),
        [
          { name: "days inside", values: levels.map((level) => level.measured), role: "subject" },
          { name: "promised", values: levels.map((level) => level.nominal), role: "reference" },
        ],
        percentWhole,
        1,
      ),
    [levels],
  );
  return (
    <Chart<Calibration>
      title="Are its intervals honest?"
      unit="Share of tested days, %"
      height={300}
      state={state()}
      columns={COLUMNS}
      rowKey={(row) => String(row.nominal)}
      fileName="interval_calibration"
      legend={
        <>
          <BarKey look="subject">Measured</BarKey>
          <BarKey look="reference">Promised</BarKey>
        </>
      }
      foot={
        levels.length > 0 && (
          <ul className={classes.levels}>
            {levels.map((level) => (
              <li key={level.nominal}>
                <strong>{percentWhole(level.nominal)} interval</strong>
                <span>
                  held {percent(level.measured)} of the days; {percent(level.lowest)} to{" "}
                  {percent(level.highest)} by starting point
                </span>
              </li>
            ))}
          </ul>
        )
      }
    />
  );

  function state(): ChartState<Calibration> {
    if (backtest.isPending) return { status: "loading" };
    if (rows === undefined)
      return {
        status: "error",
        error: backtest.error ?? new Error("no answer"),
        onRetry: () => void backtest.refetch(),
      };
    if (levels.length === 0)
      return {
        status: "empty",
        empty: (
          <EmptyState kind="not-computed" title="Not measured">
            Intervals are judged by the other starting points; there was only one.
          </EmptyState>
        ),
      };
    return {
      status: "ready",
      draw,
      rows: levels,
      summary: calibrationSentence(levels),
      isRefreshing: backtest.isPlaceholderData,
    };
  }
}
