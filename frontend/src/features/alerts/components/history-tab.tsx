import { Button } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { Badge } from "../../../components/badge.tsx";
import { Choice } from "../../../components/choice.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable } from "../../../components/lazy-table.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { AlertTransition } from "../../../lib/api-types.ts";
import { instant, MISSING } from "../../../lib/format.ts";
import { useAlertHistory } from "../api/alerts.ts";
import { alertParams } from "../params.ts";
import { limitWords, metricValue, reasonWords, SEVERITY, STATE, subjectWords } from "../words.ts";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";
import { More } from "./more.tsx";
import SeverityChoice from "./severity-choice.tsx";

const COLUMNS: TableColumn<AlertTransition>[] = [
  {
    key: "evaluated_at",
    header: "When",
    width: 170,
    value: (item) => item.evaluated_at,
    text: (item) => instant(item.evaluated_at),
  },
  {
    key: "status",
    header: "Became",
    width: 100,
    value: (item) => item.status,
    cell: (item) => <Badge tone={STATE[item.status].tone}>{STATE[item.status].word}</Badge>,
  },
  {
    key: "severity",
    header: "Severity",
    width: 90,
    value: (item) => item.severity,
    cell: (item) => <Badge tone={SEVERITY[item.severity].tone}>{SEVERITY[item.severity].word}</Badge>,
  },
  { key: "policy_id", header: "Policy", width: 220, value: (item) => item.policy_id },
  { key: "about", header: "About", width: 170, value: subjectWords },
  {
    key: "current_value",
    header: "Value",
    align: "right",
    width: 90,
    value: (item) => item.current_value,
    text: (item) => metricValue(item.policy?.metric_type, item.current_value),
  },
  {
    key: "threshold",
    header: "Fires",
    width: 120,
    value: (item) => item.threshold,
    text: (item) =>
      item.policy === null || item.threshold === null
        ? MISSING
        : limitWords(item.policy.metric_type, item.policy.operator, item.threshold),
  },
  { key: "reason", header: "Because", width: 240, value: (item) => reasonWords(item.reason) },
];

/** Every change of an alert's state. */
export function HistoryTab() {
  const [params, setParams] = useQueryStates(alertParams);
  const history = useAlertHistory({
    severity: params.severity,
    status: params.state,
    policy_id: params.policy,
  });
  const isFiltered = params.severity !== null || params.state !== null || params.policy !== null;
  const reset = () => void setParams({ severity: null, state: null, policy: null });
  return (
    <>
      <search className={classes.filters} aria-label="History">
        <SeverityChoice value={params.severity} onChange={(severity) => void setParams({ severity })} />
        <Choice
          label="Became"
          width={150}
          value={params.state ?? ""}
          options={[
            { value: "", name: "Anything" },
            { value: "PENDING", name: "Pending" },
            { value: "FIRING", name: "Firing" },
            { value: "RESOLVED", name: "Resolved" },
          ]}
          onChange={(state) => void setParams({ state: state === "" ? null : state })}
        />
        {isFiltered && (
          <Button variant="default" onClick={reset}>
            Show all
          </Button>
        )}
        {params.policy && <p className={classes.keys}>only {params.policy}</p>}
      </search>
      <Answered what="The history" query={history}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState
                kind={isFiltered ? "no-match" : "not-computed"}
                title={isFiltered ? "No change was like that" : "No alert has come or gone yet"}
              />
            );
          return (
            <>
              <LazyTable
                label="Changes of alerts"
                columns={COLUMNS}
                rows={items}
                rowKey={(item) => String(item.history_id)}
                maxHeight={560}
              />
              <More query={history} />
            </>
          );
        }}
      </Answered>
    </>
  );
}
