import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "../../../components/badge.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { ContractDiff, ContractVersionSummary } from "../../../lib/api-types.ts";
import { plural } from "../../../lib/format.ts";
import { contractDiff } from "../api/contracts.ts";
import { sentenceCase } from "../words.ts";
import classes from "./changes-panel.module.css";

interface ChangesPanelProps {
  contract: string;
  from: string;
  to: string;
  /** In the order of the registry: an earlier one is read as the older side. */
  versions: readonly ContractVersionSummary[];
  onClose: () => void;
}

/** What a newer version asks that an older one did not, and which files would be refused by it. */
export function ChangesPanel({ contract, from, to, versions, onClose }: ChangesPanelProps) {
  const place = (name: string) => versions.findIndex((version) => version.version === name);
  const [older, newer] = place(from) < place(to) ? [from, to] : [to, from];
  const diff = useQuery(contractDiff(contract, older, newer));
  return (
    <Panel
      title={`From ${older} to ${newer}`}
      summary={diff.data ? diffSentence(diff.data) : undefined}
      isRefreshing={diff.isRefetching}
      actions={
        <Button variant="subtle" size="compact-sm" onClick={onClose}>
          Close
        </Button>
      }
      isFlush
    >
      {diff.isPending && <TableSkeleton rows={3} />}
      {diff.isError && diff.data === undefined && (
        <Failure what="The comparison" error={diff.error} onRetry={() => void diff.refetch()} />
      )}
      {diff.data && diff.data.changes.length > 0 && (
        <ul className={classes.changes}>
          {diff.data.changes.map((change) => (
            <li key={`${change.path} ${change.message}`}>
              <span>
                <Badge tone={change.breaking ? "bad" : "even"}>
                  {change.breaking
                    ? "Breaking"
                    : { added: "Added", removed: "Removed", changed: "Changed" }[change.kind]}
                </Badge>
              </span>
              <span>{sentenceCase(change.message)}</span>
              <code>{change.path}</code>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Whether a file that kept the older version may be refused by the newer one. */
export function diffSentence(diff: ContractDiff): string {
  const breaking = diff.changes.filter((change) => change.breaking).length;
  if (diff.changes.length === 0) return "Both versions ask the same.";
  if (breaking === 0)
    return `${plural(diff.changes.length, "change")}, none of them breaking: a file that keeps ${diff.from} keeps ${diff.to}.`;
  return `${plural(breaking, "breaking change")} of ${diff.changes.length}: a file that keeps ${diff.from} may be refused by ${diff.to}.`;
}
