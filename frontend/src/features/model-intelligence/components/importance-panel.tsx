import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { ModelMetadata } from "../../../lib/api-types.ts";
import { percent } from "../../../lib/format.ts";
import { inputName } from "../input-names.ts";
import classes from "./importance-panel.module.css";

const MOST_SHOWN = 12;

/** What the serving model looks at most; models without trees have no such list, and that is said. */
export function ImportancePanel({
  metadata,
  model,
}: {
  metadata: UseQueryResult<ModelMetadata>;
  model: string;
}) {
  const all = (metadata.data?.top_feature_importance ?? []).toSorted((a, b) => b.importance - a.importance);
  const shown = all.slice(0, MOST_SHOWN);
  const total = all.reduce((sum, { importance }) => sum + importance, 0);
  const largest = shown[0]?.importance ?? 1;
  return (
    <Panel
      title="What it looks at"
      summary={
        shown[0] &&
        `“${inputName(shown[0].feature)}” matters most${shown[1] ? `, then “${inputName(shown[1].feature)}”` : ""}.`
      }
      foot={
        shown.length > 0 &&
        `Share of each input among the ${all.length} most important ones; its direction is not told.`
      }
    >
      {metadata.isPending && <Skeleton height={220} aria-busy="true" />}
      {metadata.isError && metadata.data === undefined && (
        <Failure
          what="The importance of inputs"
          error={metadata.error}
          onRetry={() => void metadata.refetch()}
        />
      )}
      {metadata.data && shown.length === 0 && (
        <EmptyState kind="not-computed" title={`The ${model} has no such list`}>
          Importance is counted over the trees of a boosting model; this one has none.
        </EmptyState>
      )}
      {shown.length > 0 && (
        <ol className={classes.list}>
          {shown.map(({ feature, importance }) => (
            <li key={feature}>
              <span title={feature}>{inputName(feature)}</span>
              <i aria-hidden>
                <b style={{ width: `${(importance / largest) * 100}%` }} />
              </i>
              <span>{percent(importance / total)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
