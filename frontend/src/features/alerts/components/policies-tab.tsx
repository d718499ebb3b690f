import { Button } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { Badge, type Tone } from "../../../components/badge.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { AlertPolicyItem } from "../../../lib/api-types.ts";
import { ago, plural } from "../../../lib/format.ts";
import { usePolicies } from "../api/alerts.ts";
import { alertParams } from "../params.ts";
import { limitWords, markWords, metricName, SEVERITY } from "../words.ts";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";
import { PolicyPreview } from "./policy-preview.tsx";

/** The policies of the file; the chosen one can be tried on days gone by. */
export function PoliciesTab() {
  const [params, setParams] = useQueryStates(alertParams);
  const policies = usePolicies();
  return (
    <Answered what="The policies" query={policies}>
      {({ items, path, version, refusal, inhibitions }) => (
        <>
          {refusal && (
            <p className={classes.refusal} role="alert">
              The file of the policies is refused, so those of before work on: {refusal}
            </p>
          )}
          {items.length === 0 && (
            <EmptyState kind="no-data" title="There is no policy, so nobody is ever called">
              Policies stand in <code>{path}</code>.
            </EmptyState>
          )}
          <ul className={classes.rows} aria-label="Policies">
            {items.map((policy) => {
              const isChosen = params.policy === policy.id;
              return (
                <li key={policy.id} className={classes.entry} data-off={!policy.enabled || undefined}>
                  <div className={classes.row}>
                    <span className={classes.state}>
                      <Badge tone={policy.enabled ? SEVERITY[policy.severity].tone : "even"}>
                        {policy.enabled ? SEVERITY[policy.severity].word : "Off"}
                      </Badge>
                    </span>
                    <div className={classes.grow}>
                      <h3 className={classes.name}>{policy.description || policy.id}</h3>
                      <p className={classes.quiet}>
                        {metricName(policy.metric_type)}:{" "}
                        {limitWords(policy.metric_type, policy.operator, policy.threshold)} within{" "}
                        {plural(policy.window_days, "day")}
                        {policy.for !== "0s" && `, for ${policy.for}`} · <code>{policy.id}</code>
                      </p>
                    </div>
                    <Health policy={policy} />
                    <Button
                      size="xs"
                      variant="default"
                      aria-expanded={isChosen}
                      aria-label={`${isChosen ? "Close" : "Try it:"} ${policy.id}`}
                      onClick={() => void setParams({ policy: isChosen ? null : policy.id })}
                    >
                      {isChosen ? "Close" : "Try it"}
                    </Button>
                  </div>
                  {isChosen && (
                    <PolicyPreview
                      policy={policy}
                      days={params.days}
                      onDays={(days) => void setParams({ days })}
                    />
                  )}
                </li>
              );
            })}
          </ul>
          <p className={classes.footnote}>
            Policies are written in <code>{path}</code> (version {version}); a change is taken up within a
            minute, and a mistake is refused with its line.
            {inhibitions.map(({ source, target, equal }) => (
              <span key={`${source.join()} ${target.join()}`}>
                {" "}
                While an alert with {markWords(source)} fires, those with {markWords(target)}
                {equal.length > 0 && ` and the same ${equal.map(spaced).join(", ")}`} are held back.
              </span>
            ))}
          </p>
        </>
      )}
    </Answered>
  );
}

const spaced = (name: string): string => name.replaceAll("_", " ");

const HEALTH: Record<string, { tone: Tone; word: string }> = {
  ok: { tone: "good", word: "Looked at" },
  no_data: { tone: "even", word: "No data" },
  error: { tone: "bad", word: "Not measured" },
};

function Health({ policy }: { policy: AlertPolicyItem }) {
  if (!policy.enabled) return null;
  const { tone, word } = HEALTH[policy.health ?? ""] ?? { tone: "even", word: "Not looked at yet" };
  return (
    <span className={classes.health} title={policy.last_error ?? undefined}>
      <Badge tone={tone}>{word}</Badge>
      {policy.last_evaluated_at && <small>{ago(policy.last_evaluated_at)}</small>}
      {policy.last_error && <small className={classes.bad}>{policy.last_error}</small>}
    </span>
  );
}
