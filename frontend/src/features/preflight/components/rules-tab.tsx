import type { UseQueryResult } from "@tanstack/react-query";
import { VerdictBadge } from "../../../components/badge.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import type { PreflightSemantic } from "../../../lib/api-types.ts";
import classes from "./run-panel.module.css";

const ORDER = ["FAIL", "ERROR", "WARN", "SKIPPED", "PASS"];
const rank = (rule: PreflightSemantic["rules"][number]): number => {
  const at = ORDER.indexOf(rule.status);
  return at === -1 ? ORDER.length : at;
};

/** Every rule that was asked, broken ones first, with what it demands and what was seen. */
export function RulesTab({
  semantic,
  wasRead,
}: {
  semantic: UseQueryResult<PreflightSemantic>;
  wasRead: boolean;
}) {
  if (!wasRead)
    return (
      <EmptyState kind="not-computed" title="The rules were not asked">
        The file could not be read well enough to have rows to judge.
      </EmptyState>
    );
  if (semantic.isPending) return <TableSkeleton rows={5} />;
  if (semantic.data === undefined)
    return (
      <Failure
        what="The rules"
        error={semantic.error ?? new Error("no answer")}
        onRetry={() => void semantic.refetch()}
      />
    );
  const { rules } = semantic.data;
  if (rules.length === 0)
    return <EmptyState kind="no-match" title="The contract has no rules for this file" />;
  return (
    <ul className={classes.list}>
      {[...rules]
        .sort((a, b) => rank(a) - rank(b))
        .map((rule) => (
          <li key={rule.rule_id}>
            <span>
              <VerdictBadge verdict={rule.status} />
            </span>
            <span>
              {rule.expectation || rule.rule_id}
              {rule.status !== "PASS" && <span className={classes.quiet}> – {rule.message}</span>}
            </span>
            <code>{rule.rule_id}</code>
          </li>
        ))}
    </ul>
  );
}
