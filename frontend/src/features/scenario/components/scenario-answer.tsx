import type { ScenarioComparison } from "../../../lib/api-types.ts";
import { moneyShort, moneyShortSigned, oddsWords, percentSigned, plural } from "../../../lib/format.ts";

interface ScenarioAnswerProps {
  who: string;
  comparison: ScenarioComparison | undefined;
  shown: number;
}

/** The page's answer in one sentence: what the shown scenario sells, against the plan, and how sure the difference is. */
export function ScenarioAnswer({ who, comparison, shown }: ScenarioAnswerProps) {
  const scenario = comparison?.scenarios[shown];
  if (comparison === undefined || scenario === undefined) return <>&nbsp;</>;
  const sum = scenario.summary;
  const days = plural(comparison.request.horizon_days, "day");
  if (sum.total_delta_sales === 0)
    return (
      <>
        “{scenario.name}” changes nothing: {who} would sell {moneyShort(sum.total_baseline_sales)} in the next{" "}
        {days}, as planned.
      </>
    );
  return (
    <>
      “{scenario.name}”: {who} would sell {moneyShort(sum.total_scenario_sales)} in the next {days},{" "}
      {moneyShort(Math.abs(sum.total_delta_sales))} ({percentSigned(sum.uplift_pct / 100)}){" "}
      {sum.total_delta_sales > 0 ? "more" : "less"} than planned
      {sum.total_delta_lower !== null && sum.total_delta_upper !== null && (
        <>
          ; {oddsWords(comparison.request.confidence_level)} the difference is between{" "}
          <Whole>{moneyShortSigned(sum.total_delta_lower)}</Whole> and{" "}
          <Whole>{moneyShortSigned(sum.total_delta_upper)}</Whole>
        </>
      )}
      .
    </>
  );
}

/** A figure that does not break between its sign and its digits. */
const Whole = ({ children }: { children: string }) => (
  <span style={{ whiteSpace: "nowrap" }}>{children}</span>
);
