import { useQueryStates } from "nuqs";
import { lazy, Suspense } from "react";
import { CopyText } from "../../../components/copy-text.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Tabs } from "../../../components/tabs.tsx";
import type { PreflightRun } from "../../../lib/api-types.ts";
import { useSemantic, useValidation } from "../api/reports.ts";
import { preflightParams, type Tab } from "../params.ts";
import { ArtifactsTab } from "./artifacts-tab.tsx";
import { ReadingTab } from "./reading-tab.tsx";
import { RulesTab } from "./rules-tab.tsx";
import classes from "./run-panel.module.css";

const FindingsTab = lazy(() => import("./findings-tab.tsx"));

const NAMES: Record<Tab, string> = {
  findings: "What was found",
  rules: "Rules",
  reading: "How it was read",
  reports: "Reports",
};

/** One examined file in detail: its findings, its rules, how it was read, and the files that were written. */
export function RunPanel({ file }: { file: PreflightRun }) {
  const [params, setParams] = useQueryStates(preflightParams);
  const { run_id, source_name } = file;
  const wasRead = file.semantic_status !== "SKIPPED";
  const validation = useValidation(run_id, source_name);
  const semantic = useSemantic(run_id, source_name, wasRead);
  const findings = [...(validation.data?.findings ?? []), ...(semantic.data?.findings ?? [])];
  return (
    <Panel
      title={file.file_name ?? "The file"}
      summary={validation.data?.summary ?? undefined}
      foot={
        <span className={classes.foot}>
          <span>Run {file.run_id}</span>
          {file.file_sha256 && (
            <CopyText text={file.file_sha256.slice(0, 16)} label="Copy the start of its SHA-256" />
          )}
        </span>
      }
      isFlush
    >
      <Tabs
        label="Parts of the report"
        tabs={(Object.keys(NAMES) as Tab[]).map((value) => ({
          value,
          name: NAMES[value],
          count:
            value === "findings" && validation.data
              ? findings.length
              : value === "rules"
                ? file.rules_total
                : null,
        }))}
        value={params.tab}
        onChange={(tab) => void setParams({ tab })}
      >
        {params.tab === "findings" && (
          <Suspense fallback={<TableSkeleton rows={5} />}>
            <FindingsTab
              file={file}
              findings={findings}
              isPending={validation.isPending || (wasRead && semantic.isPending)}
              error={validation.error ?? semantic.error}
              onRetry={() => {
                void validation.refetch();
                if (wasRead) void semantic.refetch();
              }}
              filter={params}
              onFilter={(filter) => void setParams(filter)}
            />
          </Suspense>
        )}
        {params.tab === "rules" && <RulesTab semantic={semantic} wasRead={wasRead} />}
        {params.tab === "reading" && (
          <ReadingTab file={file} wasRead={wasRead} validation={validation.data} />
        )}
        {params.tab === "reports" && <ArtifactsTab file={file} />}
      </Tabs>
    </Panel>
  );
}
