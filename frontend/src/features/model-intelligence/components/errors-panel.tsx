import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { drawGroupedBars } from "../../../charts/grouped-bars.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { BacktestTable } from "../../../lib/api-types.ts";
import { count, percent, percentWhole } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { NAIVE } from "../leaderboard.ts";
import {
  CUT_NAMES,
  CUTS,
  type Cut,
  type SegmentError,
  segmentErrors,
  segmentSentence,
} from "../segment-errors.ts";
import { BarKey } from "./bar-key.tsx";
import classes from "./errors-panel.module.css";

const COLUMNS: TableColumn<SegmentError>[] = [
  { key: "segment", header: "Segment", value: (row) => row.segment, text: (row) => row.name },
  {
    key: "wape",
    header: "Off by",
    align: "right",
    value: (row) => row.model,
    text: (row) => percent(row.model),
  },
  {
    key: "naive_wape",
    header: "Naive rule",
    align: "right",
    value: (row) => row.naive,
    text: (row) => percent(row.naive),
  },
  {
    key: "store_days",
    header: "Store-days",
    align: "right",
    value: (row) => row.points,
    text: (row) => count(row.points),
  },
];

interface ErrorsPanelProps {
  backtest: UseQueryResult<BacktestTable>;
  model: string;
  /** the model that answers for later days */
  farModel: string;
  by: Cut;
  onBy: (by: Cut) => void;
}

/** Where the serving model errs: a sentence per cut, and the chosen cut as bars beside the naive rule. */
export function ErrorsPanel({ backtest, model, farModel, by, onBy }: ErrorsPanelProps) {
  const rows = backtest.data?.rows;
  const cuts = useMemo(
    () => CUTS.map((cut) => ({ cut, errors: segmentErrors(rows ?? [], cut, model, farModel) })),
    [rows, model, farModel],
  );
  const errors = cuts.find((entry) => entry.cut === by)?.errors ?? [];
  const draw = useMemo(
    () =>
      drawGroupedBars(
        errors.map((entry) => entry.name),
        [
          { name: modelName(model), values: errors.map((entry) => entry.model), role: "subject" },
          ...(model === NAIVE
            ? []
            : [
                {
                  name: "naive rule",
                  values: errors.map((entry) => entry.naive),
                  role: "reference" as const,
                },
              ]),
        ],
        percentWhole,
      ),
    [errors, model],
  );
  return (
    <Chart<SegmentError>
      title="Where it errs"
      unit="Off by, % of sales (WAPE)"
      height={200}
      state={state()}
      columns={COLUMNS}
      rowKey={(row) => row.segment}
      fileName={`error_by_${by}`}
      legend={
        <>
          <BarKey look="subject">Serving model</BarKey>
          {model !== NAIVE && <BarKey look="reference">Naive rule</BarKey>}
        </>
      }
      foot={
        rows && (
          <fieldset className={classes.cuts}>
            <legend className="visually-hidden">Show the error by</legend>
            {cuts.map(({ cut, errors: own }) => (
              <button key={cut} type="button" aria-pressed={cut === by} onClick={() => onBy(cut)}>
                <strong>{CUT_NAMES[cut]}</strong>
                <span>{segmentSentence(cut, own)}</span>
              </button>
            ))}
          </fieldset>
        )
      }
    />
  );

  function state(): ChartState<SegmentError> {
    if (backtest.isPending) return { status: "loading" };
    if (rows === undefined)
      return {
        status: "error",
        error: backtest.error ?? new Error("no answer"),
        onRetry: () => void backtest.refetch(),
      };
    if (errors.length === 0)
      return {
        status: "empty",
        empty: <EmptyState kind="not-computed" title="Not tested by this cut" />,
      };
    return {
      status: "ready",
      draw,
      rows: errors,
      summary: segmentSentence(by, errors),
      isRefreshing: backtest.isPlaceholderData,
    };
  }
}
