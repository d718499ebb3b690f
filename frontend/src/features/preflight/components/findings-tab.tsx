import { Button } from "@mantine/core";
import { VerdictBadge } from "../../../components/badge.tsx";
import { Choice } from "../../../components/choice.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import type { PreflightFinding, PreflightRun } from "../../../lib/api-types.ts";
import {
  checkName,
  checksOf,
  columnsOf,
  type FindingFilter,
  filterFindings,
  groupFindings,
} from "../findings.ts";
import { FindingCard } from "./finding-card.tsx";
import { LineField } from "./line-field.tsx";
import classes from "./run-panel.module.css";

interface FindingsTabProps {
  file: PreflightRun;
  findings: readonly PreflightFinding[];
  isPending: boolean;
  error: Error | null;
  onRetry: () => void;
  filter: FindingFilter;
  onFilter: (filter: Partial<FindingFilter>) => void;
}

const NO_FILTER: FindingFilter = { check: null, column: null, line: null };

/** Everything that is wrong with the file, what refuses it first, each with its bad cells. */
export default function FindingsTab(props: FindingsTabProps) {
  const { file, findings, isPending, error, onRetry, filter, onFilter } = props;
  if (error !== null) return <Failure what="The findings" error={error} onRetry={onRetry} />;
  if (isPending) return <TableSkeleton rows={5} />;
  if (findings.length === 0)
    return (
      <EmptyState kind="no-match" title="Nothing to complain about">
        Every row, cell and rule of this file is as its contract asks.
      </EmptyState>
    );
  const shown = filterFindings(findings, filter);
  const groups = groupFindings(shown);
  return (
    <>
      <search className={classes.filters} aria-label="Findings">
        <Choice
          label="Check or rule"
          width={210}
          value={filter.check ?? ""}
          options={[
            { value: "", name: "All" },
            ...checksOf(findings).map((check) => ({ value: check, name: checkName(check) })),
            ...absent(filter.check, checksOf(findings)),
          ]}
          onChange={(check) => onFilter({ check: check || null })}
        />
        <Choice
          label="Column"
          width={170}
          value={filter.column ?? ""}
          options={[
            { value: "", name: "All" },
            ...columnsOf(findings).map((column) => ({ value: column, name: column })),
            ...absent(filter.column, columnsOf(findings)),
          ]}
          onChange={(column) => onFilter({ column: column || null })}
        />
        <LineField value={filter.line} onChange={(line) => onFilter({ line })} />
        {shown.length < findings.length && (
          <Button variant="default" onClick={() => onFilter(NO_FILTER)}>
            Show all {findings.length}
          </Button>
        )}
      </search>
      {shown.length === 0 && (
        <EmptyState
          kind="no-match"
          title="No finding is like that"
          action={
            <Button variant="default" size="xs" onClick={() => onFilter(NO_FILTER)}>
              Show all findings
            </Button>
          }
        >
          {filter.line !== null &&
            "Only the first places of each finding are kept, so a line further down may not be among them."}
        </EmptyState>
      )}
      {(["FAIL", "WARN"] as const).map((severity) => {
        const own = groups.filter((group) => group.severity === severity);
        if (own.length === 0) return null;
        return (
          <section key={severity}>
            <h3 className={classes.severity}>
              {severityWords(severity, file)}
              <VerdictBadge verdict={severity} />
            </h3>
            {own.map((group) => (
              <div key={group.column ?? ""}>
                <h4 className={classes.column}>{group.column ?? "The file as a whole"}</h4>
                {group.findings.map((finding) => (
                  <FindingCard
                    key={`${finding.check} ${finding.column}`}
                    finding={finding}
                    rows={file.rows_read}
                  />
                ))}
              </div>
            ))}
          </section>
        );
      })}
    </>
  );
}

/** A value that the address asks for and this file has not, so that the choice shows what it filters by. */
const absent = (value: string | null, known: readonly string[]) =>
  value === null || known.includes(value) ? [] : [{ value, name: `${value} (not in this file)` }];

function severityWords(severity: "FAIL" | "WARN", file: PreflightRun): string {
  if (severity === "FAIL")
    return file.mode === "enforce" ? "Why it was turned away" : "Would turn the file away";
  return file.mode === "enforce" && !file.blocked ? "Warnings: rows set aside" : "Warnings";
}
