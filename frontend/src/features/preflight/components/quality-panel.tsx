import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { drawStackedBars } from "../../../charts/stacked-bars.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Segments } from "../../../components/segments.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import { count, day, dayShort, percentWhole, plural } from "../../../lib/format.ts";
import { useStats, useTrends } from "../api/statistics.ts";
import type { Window } from "../params.ts";
import { type TrendDay, trendDays, trendSentence } from "../trend-days.ts";
import classes from "./quality-panel.module.css";

const COLUMNS: TableColumn<TrendDay>[] = [
  { key: "day", header: "Day", value: (row) => row.day, text: (row) => day(row.day) },
  ...(["pass", "warn", "fail", "error", "blocked"] as const).map(
    (key): TableColumn<TrendDay> => ({
      key,
      header: { pass: "Passed", warn: "Warned", fail: "Failed", error: "Not known", blocked: "Turned away" }[
        key
      ],
      align: "right",
      value: (row) => row[key],
    }),
  ),
];

const NAMES: Record<Window, string> = { "7": "7 days", "30": "30 days", "90": "90 days", all: "All" };

interface QualityPanelProps {
  source: number | null;
  days: Window;
  onDays: (days: Window) => void;
}

/** How the deliveries went over time: the sums in words, the days as bars. */
export function QualityPanel({ source, days, onDays }: QualityPanelProps) {
  const stats = useStats(source, days);
  const trends = useTrends(source, days);
  const items = trends.data?.items;
  const rows = useMemo(
    () => trendDays(items ?? [], days, new Date().toISOString().slice(0, 10)),
    [items, days],
  );
  const draw = useMemo(
    () =>
      drawStackedBars(
        rows.map((row) => dayShort(row.day)),
        [
          { name: "passed", values: rows.map((row) => row.pass), role: "good" },
          { name: "warned", values: rows.map((row) => row.warn), role: "warn" },
          { name: "failed", values: rows.map((row) => row.fail), role: "bad" },
          { name: "not known", values: rows.map((row) => row.error), role: "unknown" },
        ],
        count,
        (i) => ((rows[i]?.blocked ?? 0) > 0 ? [`${plural(rows[i]?.blocked ?? 0, "file")} turned away`] : []),
      ),
    [rows],
  );
  return (
    <Chart<TrendDay>
      title="Over time"
      unit="Examined files per day (UTC)"
      height={200}
      state={state()}
      columns={COLUMNS}
      rowKey={(row) => row.day}
      fileName={`preflight_${days}_days`}
      legend={
        <>
          <Key look="good">passed</Key>
          <Key look="warn">warned</Key>
          <Key look="bad">failed</Key>
        </>
      }
      foot={
        <div className={classes.foot}>
          <Segments
            label="Look back"
            options={(Object.keys(NAMES) as Window[])
              .sort((a, b) => (a === "all" ? 1 : b === "all" ? -1 : Number(a) - Number(b)))
              .map((value) => ({ value, name: NAMES[value] }))}
            value={days}
            onChange={onDays}
          />
          {stats.data && stats.data.total_runs > 0 && (
            <dl className={classes.sums}>
              <Sum name="Examined" value={count(stats.data.total_runs)} />
              <Sum name="Passed" value={percentWhole(stats.data.pass_count / stats.data.total_runs)} />
              <Sum name="Turned away" value={count(stats.data.blocked_count)} />
              <Sum name="Cleaned copy loaded" value={percentWhole(stats.data.used_unified_rate)} />
            </dl>
          )}
        </div>
      }
    />
  );

  function state(): ChartState<TrendDay> {
    if (trends.isPending) return { status: "loading" };
    if (items === undefined)
      return {
        status: "error",
        error: trends.error ?? new Error("no answer"),
        onRetry: () => void trends.refetch(),
      };
    if (rows.length === 0)
      return {
        status: "empty",
        empty: (
          <EmptyState kind="no-match" title="No file was examined in this time">
            Look back further, or load files with the mode “report only” or “enforce”.
          </EmptyState>
        ),
      };
    return {
      status: "ready",
      draw,
      rows,
      summary: trendSentence(rows),
      isRefreshing: trends.isPlaceholderData,
    };
  }
}

const Sum = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const Key = ({ look, children }: { look: "good" | "warn" | "bad"; children: string }) => (
  <span className={classes.key} data-look={look}>
    <i aria-hidden />
    {children}
  </span>
);
