import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconPencil } from "@tabler/icons-react";
import { type UseQueryResult, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { Override, OverrideValue } from "../../../lib/api-types.ts";
import { ago, dayRange, instant, money, percent, percentSigned, plural } from "../../../lib/format.ts";
import { useAction } from "../../../lib/use-action.ts";
import { withdrawOverride } from "../api/overrides.ts";

interface CorrectionsPanelProps {
  source: number | null;
  overrides: UseQueryResult<Override[]>;
  value: OverrideValue | undefined;
  canCorrect: boolean;
  onCorrect: () => void;
}

/** A planner's corrections beside the model's figures, and what such corrections were worth so far. */
export function CorrectionsPanel(props: CorrectionsPanelProps) {
  const { source, overrides, value, canCorrect, onCorrect } = props;
  const client = useQueryClient();
  const withdraw = useAction<number>(
    (id) => withdrawOverride(source, id),
    () => client.invalidateQueries({ queryKey: ["overrides"] }),
  );
  const columns = useMemo(() => columnsOf(withdraw.isPending ? null : withdraw.run), [withdraw]);
  return (
    <Panel
      title="Corrections"
      summary={valueSentence(value)}
      isFlush
      actions={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPencil size={14} stroke={1.6} aria-hidden />}
          disabled={!canCorrect}
          onClick={onCorrect}
        >
          Correct days
        </Button>
      }
    >
      <DialogFailure what="It was not taken back" error={withdraw.error} />
      {overrides.isPending && <TableSkeleton rows={2} />}
      {overrides.isError && overrides.data === undefined && (
        <Failure what="The corrections" error={overrides.error} onRetry={() => void overrides.refetch()} />
      )}
      {overrides.data && (
        <LazyTable
          label="Corrections"
          columns={columns}
          rows={overrides.data}
          rowKey={(row) => String(row.override_id)}
          maxHeight={280}
          empty={
            <EmptyState kind="no-data" title="Nothing is corrected">
              When you know more than the model, such as a street closed for works, correct its days. Its own
              figure stays beside yours.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}

const modelOf = (row: Override) => row.days.reduce((sum, day) => sum + day.model_sales, 0);
const overrideOf = (row: Override) => row.days.reduce((sum, day) => sum + day.override_sales, 0);
const changeOf = (row: Override) => (modelOf(row) === 0 ? null : overrideOf(row) / modelOf(row) - 1);

function columnsOf(onWithdraw: ((id: number) => void) | null): TableColumn<Override>[] {
  return [
    {
      key: "date_from",
      header: "Days",
      value: (row) => row.date_from,
      text: (row) => dayRange(row.date_from, row.date_to),
    },
    {
      key: "model_sales",
      header: "Model",
      align: "right",
      value: modelOf,
      text: (row) => money(modelOf(row)),
    },
    {
      key: "override_sales",
      header: "Corrected",
      align: "right",
      value: overrideOf,
      text: (row) => money(overrideOf(row)),
    },
    {
      key: "change_ratio",
      header: "Change",
      align: "right",
      value: changeOf,
      text: (row) => percentSigned(changeOf(row)),
    },
    { key: "reason", header: "Reason", value: (row) => row.reason },
    {
      key: "author",
      header: "By",
      value: (row) => row.author,
      cell: (row) => (
        <span title={instant(row.created_at)}>
          {row.author}, {ago(row.created_at)}
        </span>
      ),
    },
    {
      key: "withdraw",
      header: "Undo",
      value: () => null,
      cell: (row) => (
        <Tooltip label="Take it back">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            disabled={onWithdraw === null}
            aria-label={`Take back the correction of ${dayRange(row.date_from, row.date_to)}`}
            onClick={() => onWithdraw?.(row.override_id)}
          >
            <IconArrowBackUp size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      ),
    },
  ];
}

/** Whether planners were nearer than the model and than the naive rule, over all stores. */
export function valueSentence(value: OverrideValue | undefined): string {
  if (value === undefined || value.days === 0 || value.wape_override === null)
    return "Kept beside the model's figures, never instead of them. Once the sales are known, both are held against them.";
  const against = (added: number | null, whom: string) =>
    added === null
      ? null
      : `${percent(Math.abs(added))} points ${added >= 0 ? "nearer" : "further off"} than ${whom}`;
  return `So far, over ${plural(value.days, "corrected day")} of all stores, corrections were off by ${percent(value.wape_override)}: ${[
    against(value.value_added_vs_model, "the model"),
    against(value.value_added_vs_naive, "last season's sales"),
  ]
    .filter((part) => part !== null)
    .join(", ")}.`;
}
