import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { MetricSet, ModelMetadata } from "../../../lib/api-types.ts";
import { money, percent } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";

interface Candidate {
  model: string;
  metrics: MetricSet;
}

const share = (key: "wape" | "smape" | "mape_nonzero", header: string): TableColumn<Candidate> => ({
  key: `${key}_pct`,
  header,
  align: "right",
  width: 84,
  value: ({ metrics }) => metrics[key],
  text: ({ metrics }) => percent(metrics[key] === null ? null : metrics[key] / 100),
});

const COLUMNS: TableColumn<Candidate>[] = [
  {
    key: "model",
    header: "Candidate",
    width: 190,
    value: (row) => row.model,
    text: (row) => modelName(row.model),
  },
  share("smape", "sMAPE"),
  { ...share("mape_nonzero", "MAPE"), unit: "sales > 0", width: 120 },
  { ...share("wape", "WAPE"), isOptional: true },
  {
    key: "mae",
    header: "MAE",
    align: "right",
    width: 76,
    value: ({ metrics }) => metrics.mae,
    text: ({ metrics }) => money(metrics.mae),
  },
  {
    key: "rmse",
    header: "RMSE",
    align: "right",
    width: 76,
    value: ({ metrics }) => metrics.rmse,
    text: ({ metrics }) => money(metrics.rmse),
  },
];

/** The candidates of the serving model's training by the measures that other tools know. */
export function CandidatesPanel({ metadata }: { metadata: UseQueryResult<ModelMetadata> }) {
  const rows = Object.entries(metadata.data?.metrics ?? {})
    // "catboost" is the other name of "boosting".
    .filter(([model]) => model !== "best" && model !== "catboost")
    .map(([model, metrics]) => ({ model, metrics }))
    .sort(
      (a, b) => (a.metrics.smape ?? Number.POSITIVE_INFINITY) - (b.metrics.smape ?? Number.POSITIVE_INFINITY),
    );
  return (
    <Panel
      title="Candidates in other measures"
      summary="Of the training that made the serving version; per store and open day, mean over its starting points."
      isFlush
    >
      {metadata.isPending && <TableSkeleton rows={5} />}
      {metadata.isError && metadata.data === undefined && (
        <Failure what="The candidates" error={metadata.error} onRetry={() => void metadata.refetch()} />
      )}
      {metadata.data && (
        <LazyTable
          label="Candidates in other measures"
          columns={COLUMNS}
          rows={rows}
          rowKey={(row) => row.model}
          empty={<EmptyState kind="not-computed" title="Its training measured nothing" />}
        />
      )}
    </Panel>
  );
}
