import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import type { PreflightRun } from "../../../lib/api-types.ts";
import { fileSize } from "../../../lib/file-size.ts";
import { serverAddress } from "../../../lib/server-address.ts";
import { useArtifacts } from "../api/reports.ts";
import classes from "./run-panel.module.css";

const NAMES: Record<string, string> = {
  html: "Report to read",
  rejected_rows: "Rows that were set aside, with reasons",
  unified_csv: "The file as it was understood",
  preflight: "Whole report",
  validation: "Findings before the rules",
  semantic: "What the rules said",
  manifest: "How the file was read",
};

/** The files that the examination wrote. */
export function ArtifactsTab({ file }: { file: PreflightRun }) {
  const artifacts = useArtifacts(file.run_id, file.source_name);
  if (artifacts.isPending) return <TableSkeleton rows={5} />;
  if (artifacts.data === undefined)
    return (
      <Failure
        what="The reports"
        error={artifacts.error ?? new Error("no answer")}
        onRetry={() => void artifacts.refetch()}
      />
    );
  const there = artifacts.data.artifacts.filter((each) => each.available && each.download_url !== null);
  if (there.length === 0)
    return (
      <EmptyState kind="no-data" title="The reports are no longer there">
        Their folder was emptied, or is not on this machine.
      </EmptyState>
    );
  const order = Object.keys(NAMES);
  return (
    <ul className={classes.list}>
      {there
        .sort((a, b) => order.indexOf(a.artifact_type) - order.indexOf(b.artifact_type))
        .map((artifact) => (
          <li key={artifact.artifact_type}>
            <span className={classes.quiet}>{fileSize(artifact.size_bytes)}</span>
            <span>
              {NAMES[artifact.artifact_type] ?? artifact.artifact_type}{" "}
              <span className={classes.quiet}>{artifact.file_name}</span>
            </span>
            <Button
              component="a"
              href={serverAddress(artifact.download_url ?? "")}
              download={artifact.file_name ?? undefined}
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={14} stroke={1.6} />}
              aria-label={`Download ${NAMES[artifact.artifact_type] ?? artifact.artifact_type}`}
            >
              Download
            </Button>
          </li>
        ))}
    </ul>
  );
}
