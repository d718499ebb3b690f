import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Sort, TableColumn } from "../../../components/table-column.ts";
import type { ExperimentItem, Experiments } from "../../../lib/api-types.ts";
import { instant, percent, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { RunDetail } from "./run-detail.tsx";
import classes from "./runs-panel.module.css";
import { StatusBadge } from "./status-badge.tsx";

const modelOf = (item: ExperimentItem): string | null =>
  item.status === "COMPLETED" ? item.model_type : null;

const COLUMNS: TableColumn<ExperimentItem>[] = [
  {
    key: "created_at",
    header: "Started",
    width: 160,
    value: (item) => item.created_at,
    text: (item) => instant(item.created_at),
  },
  {
    key: "status",
    header: "Status",
    width: 100,
    value: (item) => item.status,
    cell: (item) => <StatusBadge item={item} />,
  },
  {
    key: "model_type",
    header: "Chosen model",
    width: 150,
    value: modelOf,
    text: (item) => (modelOf(item) === null ? "–" : modelName(item.model_type)),
  },
  { key: "profile", header: "Profile", width: 80, value: (item) => item.profile },
  { key: "version", header: "Version", align: "right", width: 80, value: (item) => item.version },
  {
    key: "rmspe",
    header: "RMSPE",
    align: "right",
    width: 80,
    value: (item) => item.metrics.best?.rmspe,
    text: (item) => percent(item.metrics.best?.rmspe),
  },
  {
    key: "wape",
    header: "WAPE",
    align: "right",
    width: 80,
    value: (item) => item.metrics.best?.wape,
    text: (item) => percent(item.metrics.best?.wape == null ? null : item.metrics.best.wape / 100),
  },
];

interface RunsPanelProps {
  runs: UseQueryResult<Experiments>;
  /** Id of the training looked at; null or unknown = the newest. */
  selected: string | null;
  /** Id of the one beside it. */
  compared: string | null;
  sort: Sort;
  onSelect: (id: string) => void;
  onCompare: (id: string | null) => void;
  onSort: (sort: Sort) => void;
  className?: string;
}

/** Every training with its outcome; one of them in detail, and beside another one. */
export function RunsPanel({
  runs,
  selected,
  compared,
  sort,
  onSelect,
  onCompare,
  onSort,
  className,
}: RunsPanelProps) {
  const items = runs.data?.items ?? [];
  const shown = items.find((item) => item.experiment_id === selected) ?? items[0];
  const other = items.find((item) => item.experiment_id === compared && item !== shown) ?? null;
  return (
    <Panel
      className={className}
      title="Trainings"
      summary={
        items.length < 2 ? undefined : `The last ${plural(items.length, "training")}; choose one to see it.`
      }
      isFlush
    >
      {runs.isPending && <TableSkeleton rows={5} />}
      {runs.isError && runs.data === undefined && (
        <Failure what="The trainings" error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.data && items.length === 0 && <EmptyState kind="not-computed" title="Nothing was trained yet" />}
      {shown && (
        <div className={classes.split}>
          <LazyTable
            label="Trainings"
            columns={COLUMNS}
            rows={items}
            rowKey={(item) => item.experiment_id}
            sort={sort}
            onSort={onSort}
            maxHeight={460}
            onRowClick={(item) => onSelect(item.experiment_id)}
            isSelected={(item) => item === shown}
          />
          <RunDetail item={shown} other={other} items={items} onCompare={onCompare} />
        </div>
      )}
    </Panel>
  );
}
