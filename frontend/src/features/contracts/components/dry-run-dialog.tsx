import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { VerdictBadge } from "../../../components/badge.tsx";
import { Choice } from "../../../components/choice.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import type { ContractDryRun, PreflightRun } from "../../../lib/api-types.ts";
import { count, instant, plural } from "../../../lib/format.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { useAction } from "../../../lib/use-action.ts";
import { useSystemSummary } from "../../common/api/system-summary.ts";
import { dryRun, useEarlierFiles } from "../api/contracts.ts";
import classes from "./dry-run-dialog.module.css";

interface DryRunDialogProps {
  contract: string;
  version: string;
  onClose: () => void;
}

const keyOf = (run: PreflightRun) => `${run.run_id} ${run.source_name}`;

/** Holds a file that was delivered before against this version: what it would say, without loading anything. */
export default function DryRunDialog({ contract, version, onClose }: DryRunDialogProps) {
  const { filters } = useSharedFilters();
  const summary = useSystemSummary(filters.source).data;
  const files = useEarlierFiles(summary?.data_source.id ?? filters.source);
  const [key, setKey] = useState<string | null>(null);
  const [result, setResult] = useState<ContractDryRun | null>(null);
  const chosen = files.data?.find((run) => keyOf(run) === key) ?? files.data?.[0];
  const tried = useAction(async (run: PreflightRun) => {
    setResult(null);
    setResult(await dryRun(contract, version, { run_id: run.run_id, source_name: run.source_name }));
  });
  return (
    <Dialog title={`Try an earlier file against ${version}`} onClose={onClose}>
      {files.isPending && !files.isError && <Skeleton height={60} />}
      <DialogFailure what="The earlier files could not be listed" error={files.error} />
      {files.data?.length === 0 && (
        <p className={parts.note}>
          No file of {summary?.data_source.name ?? "this data source"} has been examined yet, so there is none
          to try.
        </p>
      )}
      {chosen && (
        <Choice
          label="File"
          value={keyOf(chosen)}
          options={(files.data ?? []).map((run) => ({
            value: keyOf(run),
            name: `${run.file_name ?? run.source_name}, ${instant(run.created_at)}, ${run.contract_version ?? "no contract"}: ${run.final_status}`,
          }))}
          onChange={(next) => {
            setKey(next);
            setResult(null);
          }}
        />
      )}
      <p className={parts.note}>
        The file is read again and judged by this version. Nothing is loaded, and no report is kept.
      </p>
      <DialogFailure what="Not tried" error={tried.error} />
      {result && <Result result={result} />}
      <div className={parts.buttons}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          loading={tried.isPending}
          disabled={chosen === undefined}
          onClick={() => chosen && tried.run(chosen)}
        >
          Try it
        </Button>
      </div>
    </Dialog>
  );
}

function Result({ result }: { result: ContractDryRun }) {
  const { before, findings } = result;
  return (
    <section className={classes.result} aria-label="What this version says" role="status">
      <dl>
        <dt>Then</dt>
        <dd>
          <VerdictBadge verdict={before.final_status} /> by {before.contract_version ?? "another contract"}
        </dd>
        <dt>Now</dt>
        <dd>
          <VerdictBadge verdict={result.final_status} /> by {result.version}
          {result.would_block
            ? ": it would be turned away"
            : result.rows_rejected > 0
              ? `: ${plural(result.rows_rejected, "row")} would be set aside`
              : ": it would be loaded"}
        </dd>
        <dt>Rows</dt>
        <dd>
          {count(result.rows_read)} read
          {result.examined === "unified" &&
            ", those that were accepted then: the file itself is gone or was changed"}
        </dd>
      </dl>
      {findings.length > 0 && (
        <ul>
          {findings.map((finding) => (
            <li key={`${finding.check} ${finding.column}`}>
              <VerdictBadge verdict={finding.severity} /> {finding.message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
