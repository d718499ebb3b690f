import { KpiCard, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import type { ScenarioComparison } from "../../../lib/api-types.ts";
import {
  dayLong,
  money,
  moneyShort,
  moneyShortSigned,
  moneySigned,
  percentSigned,
  percentWhole,
} from "../../../lib/format.ts";
import classes from "./scenario-lab.module.css";

export const SCENARIO_CARDS = ["Baseline", "Scenario", "Difference", "Difference per day"] as const;

interface ScenarioCardsProps {
  scenario: ScenarioComparison["scenarios"][number] | undefined;
  level: number;
  isRefreshing: boolean;
}

/** The scenario that is shown, in four figures. */
export function ScenarioCards({ scenario, level, isRefreshing }: ScenarioCardsProps) {
  const [base, planned, difference, daily] = SCENARIO_CARDS;
  if (scenario === undefined) {
    return (
      <section className={classes.cards} aria-label="The scenario in figures">
        {SCENARIO_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </section>
    );
  }
  const sum = scenario.summary;
  const of = percentWhole(level);
  const range = (lower: number | null, upper: number | null, format: (value: number | null) => string) =>
    lower === null || upper === null ? undefined : `${of}: ${format(lower)} – ${format(upper)}`;
  return (
    <section className={classes.cards} aria-label="The scenario in figures">
      <KpiCard
        name={base}
        definition="The plain forecast: the plan as it is known or projected, nothing changed. The same figure as in Forecast Studio."
        value={moneyShort(sum.total_baseline_sales)}
        exact={money(sum.total_baseline_sales)}
        hint={range(sum.total_baseline_lower, sum.total_baseline_upper, moneyShort)}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={planned}
        definition="What the model expects under this scenario, over all days."
        value={moneyShort(sum.total_scenario_sales)}
        exact={money(sum.total_scenario_sales)}
        hint={range(sum.total_scenario_lower, sum.total_scenario_upper, moneyShort)}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={difference}
        definition="Scenario less baseline. Its interval is of the difference itself: errors that both share cancel out."
        value={moneyShortSigned(sum.total_delta_sales)}
        exact={moneySigned(sum.total_delta_sales)}
        change={{
          amount: sum.uplift_pct,
          text: percentSigned(sum.uplift_pct / 100),
          against: "against the baseline",
          goodDirection: "up",
        }}
        hint={range(sum.total_delta_lower, sum.total_delta_upper, moneyShortSigned)}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={daily}
        definition="The difference divided by all days, closed ones included."
        value={moneyShortSigned(sum.avg_daily_delta)}
        exact={moneySigned(sum.avg_daily_delta)}
        hint={
          sum.max_delta_date && sum.max_delta_value > 0
            ? `Most on ${dayLong(sum.max_delta_date)}: ${moneyShortSigned(sum.max_delta_value)}`
            : "No day gains"
        }
        isRefreshing={isRefreshing}
      />
    </section>
  );
}
