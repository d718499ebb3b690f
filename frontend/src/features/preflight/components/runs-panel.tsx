import { Button } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { VerdictBadge } from "../../../components/badge.tsx";
import { Choice } from "../../../components/choice.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { PreflightRun } from "../../../lib/api-types.ts";
import { count, instant } from "../../../lib/format.ts";
import { useRuns } from "../api/runs.ts";
import { preflightParams } from "../params.ts";
import { faultsOf, outcomeWords } from "../verdict-words.ts";
import classes from "./preflight.module.css";
import runClasses from "./runs-panel.module.css";

const COLUMNS: TableColumn<PreflightRun>[] = [
  {
    key: "created_at",
    header: "Examined",
    width: 160,
    value: (run) => run.created_at,
    text: (run) => instant(run.created_at),
  },
  { key: "file_name", header: "File", width: 150, value: (run) => run.file_name ?? run.source_name },
  {
    key: "final_status",
    header: "Verdict",
    width: 100,
    value: (run) => run.final_status,
    cell: (run) => <VerdictBadge verdict={run.final_status} />,
  },
  { key: "outcome", header: "What came of it", value: (run) => outcomeWords(run) },
  { key: "faults", header: "Kinds of fault", align: "right", width: 110, value: faultsOf },
  {
    key: "rows_read",
    header: "Rows",
    align: "right",
    width: 100,
    value: (run) => run.rows_read,
    text: (run) => count(run.rows_read),
  },
  {
    key: "rows_rejected",
    header: "Set aside",
    align: "right",
    width: 100,
    // Of a file that was turned away no row was loaded, so none was set aside either.
    value: (run) => (run.blocked ? null : run.rows_rejected),
    text: (run) => count(run.blocked ? null : run.rows_rejected),
  },
  { key: "mode", header: "Mode", width: 110, value: (run) => MODES[run.mode] ?? run.mode },
  { key: "contract_version", header: "Contract", width: 90, value: (run) => run.contract_version },
  { key: "run_id", header: "Run", width: 220, value: (run) => run.run_id, isOptional: true },
];

const MODES: Record<string, string> = { off: "off", report_only: "report only", enforce: "enforce" };

interface RunsPanelProps {
  source: number | null;
  selected: PreflightRun | null;
  onSelect: (run: PreflightRun) => void;
}

/** Every examined file, newest first; one of them is opened above. */
export default function RunsPanel({ source, selected, onSelect }: RunsPanelProps) {
  const [params, setParams] = useQueryStates(preflightParams);
  const runs = useRuns(source, {
    source_name: params.kind,
    mode: params.mode,
    final_status: params.verdict,
  });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = params.kind !== null || params.mode !== null || params.verdict !== null;
  const reset = () => void setParams({ kind: null, mode: null, verdict: null });
  return (
    <Panel
      className={classes.wide}
      title="Examined files"
      summary="Newest first; choose one to open it above."
      isFlush
      foot={
        runs.hasNextPage && (
          <Button
            variant="default"
            size="xs"
            loading={runs.isFetchingNextPage}
            onClick={() => void runs.fetchNextPage()}
          >
            Show earlier ones
          </Button>
        )
      }
    >
      <search className={runClasses.filters} aria-label="Examined files">
        <Choice
          label="File"
          width={150}
          value={params.kind ?? ""}
          options={[
            { value: "", name: "Every file" },
            { value: "train", name: "Daily sales" },
            { value: "store", name: "Stores" },
            { value: "future", name: "Coming days" },
          ]}
          onChange={(kind) => void setParams({ kind: kind === "" ? null : (kind as "train") })}
        />
        <Choice
          label="Verdict"
          width={150}
          value={params.verdict ?? ""}
          options={[
            { value: "", name: "Any verdict" },
            { value: "PASS", name: "Pass" },
            { value: "WARN", name: "Warning" },
            { value: "FAIL", name: "Fail" },
            { value: "ERROR", name: "Not known" },
          ]}
          onChange={(verdict) => void setParams({ verdict: verdict === "" ? null : (verdict as "PASS") })}
        />
        <Choice
          label="Mode"
          width={150}
          value={params.mode ?? ""}
          options={[
            { value: "", name: "Any mode" },
            { value: "report_only", name: "Report only" },
            { value: "enforce", name: "Enforce" },
          ]}
          onChange={(mode) => void setParams({ mode: mode === "" ? null : (mode as "enforce") })}
        />
      </search>
      {runs.isPending && <TableSkeleton rows={6} />}
      {runs.isError && runs.data === undefined && (
        <Failure what="The examined files" error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.data && items.length === 0 && (
        <EmptyState
          kind={isFiltered ? "no-match" : "no-data"}
          title={isFiltered ? "No examined file is like that" : "No file has been examined yet"}
          action={
            isFiltered && (
              <Button variant="default" size="xs" onClick={reset}>
                Show all
              </Button>
            )
          }
        />
      )}
      {items.length > 0 && (
        <LazyTable
          label="Examined files"
          columns={COLUMNS}
          rows={items}
          rowKey={(run) => `${run.run_id} ${run.source_name}`}
          maxHeight={420}
          onRowClick={onSelect}
          isSelected={(run) => run.run_id === selected?.run_id && run.source_name === selected.source_name}
        />
      )}
    </Panel>
  );
}
