import { Panel } from "../../../components/panel.tsx";
import type { ScenarioComparison } from "../../../lib/api-types.ts";
import { count, money, number, percentSigned, plural } from "../../../lib/format.ts";
import classes from "./assumptions-panel.module.css";

const twoDecimals = number({ maximumFractionDigits: 2 });
const pct = (value: number) => percentSigned(value / 100);

interface AssumptionsPanelProps {
  comparison: ScenarioComparison;
  scenario: ScenarioComparison["scenarios"][number];
  isRefreshing: boolean;
}

/** What the figures rest on, said as what it is: learned, known, projected or assumed. */
export function AssumptionsPanel({ comparison, scenario, isRefreshing }: AssumptionsPanelProps) {
  const { assumptions: assumed, points, warnings } = scenario;
  const projected = points.filter((point) => point.basis === "projected").length;
  const reasons = [...new Set(points.flatMap((point) => point.extrapolation))];
  return (
    <Panel title="What it rests on" isRefreshing={isRefreshing}>
      <dl className={classes.list}>
        <dt>Stores</dt>
        <dd>{targetWords(comparison)}</dd>
        <dt>Plan</dt>
        <dd>
          {projected === 0
            ? `Promotions, opening days and holidays are known for all ${plural(points.length, "day")}.`
            : `Known for ${plural(points.length - projected, "day")}, projected from the usual pattern for ${projected}.`}
        </dd>
        <dt>Demand shift</dt>
        <dd>
          {scenario.request.demand_shift_pct === 0
            ? "None."
            : `${pct(scenario.request.demand_shift_pct)} on each open day, once; assumed.`}
        </dd>
        <dt>Price</dt>
        <dd>
          {assumed.price_change_pct === 0 ? (
            "As it is."
          ) : (
            <>
              {pct(assumed.price_change_pct)}, which at an elasticity of{" "}
              {twoDecimals(assumed.price_elasticity)} moves volume by {pct(assumed.price_effect_pct)} and,
              with the new price, turnover by {pct(assumed.revenue_effect_pct)}. Assumed: no price is in the
              data. At {twoDecimals(assumed.price_elasticity_low)} the scenario sells{" "}
              {money(assumed.total_scenario_sales_at_low_elasticity)}, at{" "}
              {twoDecimals(assumed.price_elasticity_high)}{" "}
              {money(assumed.total_scenario_sales_at_high_elasticity)}.
            </>
          )}
        </dd>
        {assumed.price_change_pct !== 0 && scenario.request.demand_shift_pct !== 0 && (
          <>
            <dt>Volume in all</dt>
            <dd>{pct(assumed.effective_demand_shift_pct)} by demand and price together.</dd>
          </>
        )}
        {reasons.length > 0 && (
          <>
            <dt>Untried</dt>
            <dd>
              On {plural(scenario.summary.extrapolated_days, "day")} the scenario leaves what history has
              seen: {reasons.slice(0, 4).join("; ")}.
            </dd>
          </>
        )}
        {warnings.length > 0 && (
          <>
            <dt>Mind</dt>
            <dd>
              {warnings.map((warning) => (
                <p key={warning}>{warning}</p>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function targetWords({ target, failures }: ScenarioComparison): string {
  const without =
    failures.length === 0
      ? ""
      : ` Without ${failures
          .slice(0, 3)
          .map((failure) => `store ${failure.store_id} (${failure.detail})`)
          .join(", ")}${failures.length > 3 ? ` and ${failures.length - 3} more` : ""}.`;
  if (target.mode === "store") return `Store ${target.store_id}.${without}`;
  const matched = target.matched_stores_count ?? target.stores_count ?? 0;
  return target.truncated
    ? `${count(target.stores_count)} of the ${count(matched)} stores of the segment: the best sellers, up to the limit of the server.${without}`
    : `All ${plural(matched, "store")} of the segment.${without}`;
}
