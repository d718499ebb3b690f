import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Segments } from "../../../components/segments.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { BacktestRow, BacktestTable, ExperimentItem, ModelVersionItem } from "../../../lib/api-types.ts";
import { count, day, instant, percent, percentSigned, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { leaderboard, type ModelScore, NAIVE } from "../leaderboard.ts";

type View = "mean" | "origins";
const VIEWS: { value: View; name: string }[] = [
  { value: "mean", name: "Mean" },
  { value: "origins", name: "Each start" },
];

interface LeaderboardPanelProps {
  /** The last training that was completed. */
  training: ExperimentItem;
  backtest: UseQueryResult<BacktestTable>;
  champion: ModelVersionItem | null;
  view: View;
  onView: (view: View) => void;
  className?: string;
}

/** All models of the last training on the same days, the naive rule among them. */
export function LeaderboardPanel(props: LeaderboardPanelProps) {
  const { training, backtest, champion, view, onView, className } = props;
  const rows = backtest.data?.rows;
  const scores = useMemo(() => leaderboard(rows ?? []), [rows]);
  const perOrigin = useMemo(
    () =>
      (rows ?? [])
        .filter((row) => row.segment_kind === "all")
        .sort((a, b) =>
          a.origin < b.origin
            ? 1
            : a.origin > b.origin
              ? -1
              : (a.metrics.rmspe ?? 1) - (b.metrics.rmspe ?? 1),
        ),
    [rows],
  );
  const columns = useMemo(() => scoreColumns(training), [training]);
  const best = scores[0];
  const isServing = champion?.experiment_id === training.experiment_id;
  return (
    <Panel
      className={className}
      title="Leaderboard"
      isFlush
      isRefreshing={backtest.isPlaceholderData}
      summary={
        best === undefined
          ? "The models of the last training, judged on the same days."
          : `The ${modelName(best.model)} has the lowest error over ${plural(best.origins, "starting point")}; the ${modelName(training.model_type)} was chosen. Training of ${instant(training.created_at)}${isServing ? ", which serves now" : ""}.`
      }
      actions={<Segments label="Show" options={VIEWS} value={view} onChange={onView} />}
      foot="From each starting point the models forecast days they had not seen. RMSPE: large misses count more; WAPE: all errors against all sales; bias: plus is too much. Of models within one standard error of the best the simplest is chosen."
    >
      {backtest.isPending && <TableSkeleton rows={5} />}
      {backtest.isError && rows === undefined && (
        <Failure what="The leaderboard" error={backtest.error} onRetry={() => void backtest.refetch()} />
      )}
      {rows &&
        (scores.length === 0 ? (
          <EmptyState kind="not-computed" title="This training has no backtest">
            The history may be too short to test on; a training with more days makes one.
          </EmptyState>
        ) : view === "mean" ? (
          <LazyTable
            label="Models, mean over starting points"
            columns={columns}
            rows={scores}
            rowKey={(row) => row.model}
          />
        ) : (
          <LazyTable
            label="Models at each starting point"
            columns={ORIGIN_COLUMNS}
            rows={perOrigin}
            rowKey={(row) => `${row.origin}-${row.model_type}`}
          />
        ))}
    </Panel>
  );
}

const ratio = (
  key: string,
  header: string,
  value: (row: ModelScore) => number | null,
): TableColumn<ModelScore> => ({
  key,
  header,
  align: "right",
  width: 88,
  value,
  text: (row) => percent(value(row)),
});

function scoreColumns(training: ExperimentItem): TableColumn<ModelScore>[] {
  const mark = (model: string): string => {
    if (model === training.model_type) return " · chosen";
    return model === NAIVE ? " · naive baseline" : "";
  };
  return [
    {
      key: "model",
      header: "Model",
      width: 250,
      value: (row) => row.model,
      text: (row) => `${modelName(row.model)}${mark(row.model)}`,
      cell: (row) => (
        <span style={{ fontWeight: row.model === training.model_type ? 600 : 400 }}>
          {modelName(row.model)}
          <span style={{ color: "var(--r-muted)", fontWeight: 400 }}>{mark(row.model)}</span>
        </span>
      ),
    },
    ratio("rmspe", "RMSPE", (row) => row.rmspe),
    ratio("wape", "WAPE", (row) => row.wape),
    {
      key: "bias",
      header: "Bias",
      align: "right",
      width: 88,
      value: (row) => row.bias,
      text: (row) => percentSigned(row.bias),
    },
    {
      key: "worst_rmspe",
      header: "Worst start",
      unit: "RMSPE",
      align: "right",
      width: 180,
      value: (row) => row.worst?.rmspe ?? null,
      text: (row) => (row.worst === null ? "–" : `${percent(row.worst.rmspe)}, ${day(row.worst.origin)}`),
    },
    ratio("coverage_80", "In 80%", (row) => row.coverage80),
    ratio("coverage_95", "In 95%", (row) => row.coverage95),
    { ...ratio("coverage_90", "In 90%", (row) => row.coverage90), isOptional: true },
  ];
}

const metric = (key: keyof BacktestRow["metrics"], header: string): TableColumn<BacktestRow> => ({
  key,
  header,
  align: "right",
  width: 88,
  value: (row) => row.metrics[key],
  text: (row) => (key === "bias" ? percentSigned : percent)(row.metrics[key]),
});

const ORIGIN_COLUMNS: TableColumn<BacktestRow>[] = [
  { key: "origin", header: "Start", width: 120, value: (row) => row.origin, text: (row) => day(row.origin) },
  {
    key: "model",
    header: "Model",
    width: 220,
    value: (row) => row.model_type,
    text: (row) => modelName(row.model_type),
  },
  metric("rmspe", "RMSPE"),
  metric("wape", "WAPE"),
  metric("bias", "Bias"),
  metric("coverage_80", "In 80%"),
  metric("coverage_95", "In 95%"),
  {
    key: "points",
    header: "Store-days",
    align: "right",
    width: 110,
    value: (row) => row.points,
    text: (row) => count(row.points),
  },
];
