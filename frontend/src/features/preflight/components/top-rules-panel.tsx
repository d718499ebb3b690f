import { UnstyledButton } from "@mantine/core";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import { ago, plural } from "../../../lib/format.ts";
import { useTopRules } from "../api/statistics.ts";
import type { Window } from "../params.ts";
import classes from "./top-rules-panel.module.css";

interface TopRulesPanelProps {
  source: number | null;
  days: Window;
  onRule: (rule: string) => void;
}

/** The rules that deliveries break again and again: what to talk about with whoever delivers. */
export function TopRulesPanel({ source, days, onRule }: TopRulesPanelProps) {
  const top = useTopRules(source, days);
  return (
    <Panel
      title="Broken most often"
      summary="Rules of the contract over the same time; one is found in the report above by a click."
      isRefreshing={top.isPlaceholderData}
      isFlush
    >
      {top.isPending && <TableSkeleton rows={4} />}
      {top.isError && top.data === undefined && (
        <Failure what="The broken rules" error={top.error} onRetry={() => void top.refetch()} />
      )}
      {top.data?.items.length === 0 && <EmptyState kind="no-match" title="No rule was broken in this time" />}
      {top.data && top.data.items.length > 0 && (
        <ol className={classes.list}>
          {top.data.items.map((rule) => (
            <li key={`${rule.rule_id} ${rule.severity}`}>
              <UnstyledButton className={classes.rule} onClick={() => onRule(rule.rule_id)}>
                <strong>{rule.rule_id}</strong>
                <span className={classes.times}>{times(rule)}</span>
                <span className={classes.message}>{rule.sample_message ?? rule.rule_type}</span>
                <span className={classes.quiet}>{ago(rule.last_seen_at)}</span>
              </UnstyledButton>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function times(rule: { warn_count: number; fail_count: number; error_count: number }): string {
  return [
    rule.fail_count > 0 ? `failed ${plural(rule.fail_count, "time")}` : "",
    rule.warn_count > 0 ? `warned ${plural(rule.warn_count, "time")}` : "",
    rule.error_count > 0 ? `could not run ${plural(rule.error_count, "time")}` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}
