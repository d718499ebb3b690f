import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "react-router";
import { Badge } from "../../../components/badge.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { EtlRunItem } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { count, instant } from "../../../lib/format.ts";
import { useLoads } from "../api/loads.ts";
import classes from "./loads-panel.module.css";

const STATES = {
  RUNNING: { tone: "info", word: "Running" },
  COMPLETED: { tone: "good", word: "Loaded" },
  FAILED: { tone: "bad", word: "Failed" },
} as const;
const MODES: Record<string, string> = { off: "off", report_only: "report only", enforce: "enforce" };

const columns = (source: number): TableColumn<EtlRunItem>[] => [
  {
    key: "started_at",
    header: "Started",
    width: 160,
    value: (run) => run.started_at,
    text: (run) => instant(run.started_at),
  },
  {
    key: "status",
    header: "Outcome",
    width: 100,
    value: (run) => run.status,
    cell: (run) => <Badge tone={STATES[run.status].tone}>{STATES[run.status].word}</Badge>,
  },
  {
    key: "files",
    header: "Files",
    width: 170,
    value: (run) => run.files.map((file) => file.label).join(", ") || null,
  },
  {
    key: "rows_read",
    header: "Rows read",
    align: "right",
    width: 110,
    value: (run) => run.rows_read,
    text: (run) => count(run.rows_read),
  },
  {
    key: "rows_accepted",
    header: "Loaded",
    align: "right",
    width: 110,
    value: (run) => (run.status === "FAILED" ? null : run.rows_accepted),
    text: (run) => count(run.status === "FAILED" ? null : run.rows_accepted),
  },
  {
    key: "rows_rejected",
    header: "Set aside",
    align: "right",
    width: 110,
    value: (run) => run.rows_rejected,
    text: (run) => count(run.rows_rejected),
  },
  {
    key: "seconds",
    header: "Took",
    align: "right",
    width: 90,
    value: tookMs,
    text: (run) => {
      const ms = tookMs(run);
      return ms === null ? "–" : duration(ms);
    },
  },
  {
    key: "preflight_mode",
    header: "Mode",
    width: 110,
    value: (run) => MODES[run.preflight_mode] ?? run.preflight_mode,
  },
  {
    key: "note",
    header: "What came of it",
    value: (run) => run.error_message,
    cell: (run) => <Note run={run} source={source} />,
  },
  { key: "run_id", header: "Run", width: 240, value: (run) => run.run_id, isOptional: true },
];

function tookMs(run: EtlRunItem): number | null {
  return run.finished_at === null ? null : Date.parse(run.finished_at) - Date.parse(run.started_at);
}

/** Why a load failed, and the way to its report and to the rows that were set aside. */
function Note({ run, source }: { run: EtlRunItem; source: number }) {
  const isExamined = run.preflight_mode !== "off";
  const report = (tab: string) => ({
    pathname: "/preflight-diagnostics",
    search: `?source=${source}&run=${encodeURIComponent(run.run_id)}${tab}`,
  });
  return (
    <span className={classes.note}>
      {isExamined && (
        <Link to={report("")} aria-label={`Report of ${run.run_id}`}>
          Report
        </Link>
      )}
      {isExamined && run.rows_rejected > 0 && run.status !== "FAILED" && (
        <Link to={report("&tab=reports")} aria-label={`Rows set aside by ${run.run_id}`}>
          <IconDownload size={14} stroke={1.6} aria-hidden /> Rows set aside
        </Link>
      )}
      {run.error_message && (
        <span className={classes.failed} title={run.error_message}>
          {run.error_message}
        </span>
      )}
    </span>
  );
}

/** Every load of a source, newest first, with the way to what was found in its files. */
export function LoadsPanel({ source }: { source: number }) {
  const loads = useLoads(source);
  const items = loads.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title="Loads"
      summary="Newest first. A load that failed has changed nothing."
      isFlush
      foot={
        loads.hasNextPage && (
          <Button
            variant="default"
            size="xs"
            loading={loads.isFetchingNextPage}
            onClick={() => void loads.fetchNextPage()}
          >
            Show earlier ones
          </Button>
        )
      }
    >
      {loads.isPending && <TableSkeleton rows={5} />}
      {loads.isError && loads.data === undefined && (
        <Failure what="The loads" error={loads.error} onRetry={() => void loads.refetch()} />
      )}
      {loads.data && items.length === 0 && (
        <EmptyState kind="no-data" title="Nothing has been loaded yet">
          Bring in files above, or run <code>npx rossmann etl</code>.
        </EmptyState>
      )}
      {items.length > 0 && (
        <LazyTable
          label="Loads"
          columns={columns(source)}
          rows={items}
          rowKey={(run) => run.run_id}
          maxHeight={420}
        />
      )}
    </Panel>
  );
}
