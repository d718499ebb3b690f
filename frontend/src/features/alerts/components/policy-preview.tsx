import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "react-router";
import { fieldLabel } from "../../../components/field-label.ts";
import { Segments } from "../../../components/segments.tsx";
import type { AlertPolicyItem } from "../../../lib/api-types.ts";
import { instant } from "../../../lib/format.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { usePolicyPreview } from "../api/alerts.ts";
import { limitWords, metricValue } from "../words.ts";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";
import { Runbook } from "./runbook.tsx";

const WINDOWS = ["30", "90", "365"] as const;
/** Asked for when one stops typing. */
const TYPING_MS = 300;

/** How often a policy would have fired, at its own limit or at another one. Nothing is changed by trying. */
export function PolicyPreview({
  policy,
  days,
  onDays,
}: {
  policy: AlertPolicyItem;
  days: number;
  onDays: (days: number) => void;
}) {
  const [typed, setTyped] = useState(String(policy.threshold));
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));
  const asked = isNumber(settled) ? Number(settled) : policy.threshold;
  const preview = usePolicyPreview(policy.id, days, asked === policy.threshold ? null : asked);
  const search = useSharedSearch();
  return (
    <div className={classes.preview}>
      <div className={classes.previewFilters}>
        <Segments
          label="Looking back"
          options={WINDOWS.map((value) => ({ value, name: `${value} days` }))}
          value={WINDOWS.find((value) => Number(value) === days) ?? null}
          onChange={(value) => onDays(Number(value))}
        />
        <TextInput
          label="Limit"
          type="number"
          step="any"
          w={110}
          labelProps={fieldLabel}
          value={typed}
          error={isNumber(typed) ? undefined : "Type a number."}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <Answered what="The preview" query={preview}>
        {({ is_supported, is_complete, summary, firings }) => (
          <div data-refreshing={preview.isPlaceholderData || undefined}>
            <p className={classes.verdict} role="status">
              {is_supported ? `It ${summary}` : capital(summary)}
              {is_supported && `, firing ${limitWords(policy.metric_type, policy.operator, asked)}`}.
              {is_supported && !is_complete && " There were too many runs to look at all of them."}
            </p>
            {firings.length > 0 && (
              <ol className={classes.firings}>
                {firings.map((firing) => (
                  <li key={`${firing.alert_id} ${firing.fired_at}`}>
                    {instant(firing.fired_at)} –{" "}
                    {firing.resolved_at === null ? "still firing" : instant(firing.resolved_at)}, at{" "}
                    {metricValue(policy.metric_type, firing.value)}
                  </li>
                ))}
              </ol>
            )}
          </div>
        )}
      </Answered>
      <p className={classes.quiet}>
        <Link to={{ pathname: "/notifications", search: historySearch(search, policy.id) }}>
          When it really fired
        </Link>
        {policy.runbook && (
          <>
            {" "}
            · What to do: <Runbook page={policy.runbook} />
          </>
        )}
      </p>
    </div>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function historySearch(search: string, policy: string): string {
  const params = new URLSearchParams(search);
  params.set("tab", "history");
  params.set("policy", policy);
  return `?${params}`;
}
