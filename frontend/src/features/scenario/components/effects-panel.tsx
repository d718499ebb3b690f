import { Panel } from "../../../components/panel.tsx";
import type { ScenarioComparison } from "../../../lib/api-types.ts";
import { moneySigned } from "../../../lib/format.ts";
import { SignedBars } from "../../common/signed-bars.tsx";

/** Where a scenario's difference comes from: calendar, demand, price. The parts add up to it. */
export function EffectsPanel({
  scenario,
  isRefreshing,
}: {
  scenario: ScenarioComparison["scenarios"][number];
  isRefreshing: boolean;
}) {
  const { effects, summary, assumptions } = scenario;
  return (
    <Panel
      title="Where the difference comes from"
      summary={`The parts add up to ${moneySigned(summary.total_delta_sales)}.`}
      isRefreshing={isRefreshing}
    >
      <SignedBars
        label="Effects"
        total={{ name: "Difference", value: summary.total_delta_sales }}
        bars={[
          {
            name: "Promotion, opening and holidays",
            note: "as the model learned it from history",
            value: effects.calendar_sales,
          },
          { name: "Demand", note: "your assumption", value: effects.demand_sales },
          ...(assumptions.price_change_pct === 0
            ? []
            : [
                {
                  name: "Volume by price",
                  note: "at the old price, by the assumed elasticity",
                  value: effects.price_volume_sales,
                },
                {
                  name: "Revenue by price",
                  note: "the new price on that volume",
                  value: effects.price_revenue_sales,
                },
              ]),
        ]}
      />
    </Panel>
  );
}
