import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { FiltersSkeleton, PanelSkeleton } from "../../components/panel-skeleton.tsx";
import { PageGate } from "../common/page-gate.tsx";
import { CARD_NAMES } from "./components/kpi-cards.tsx";
import classes from "./components/overview.module.css";
import { Overview } from "./components/overview.tsx";

/** "How are we doing, and where do I look?" */
export function OverviewPage() {
  return (
    <PageGate title="Executive Overview" skeleton={<OverviewSkeleton />}>
      {(data, summary) => <Overview data={data} summary={summary} />}
    </PageGate>
  );
}

function OverviewSkeleton() {
  return (
    <div aria-busy="true">
      <FiltersSkeleton count={4} />
      <div className={classes.cards}>
        {CARD_NAMES.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <PanelSkeleton title="Sales and forecast" height={430} />
      <div className={classes.lower}>
        <PanelSkeleton title="What changed" height={280} />
        <PanelSkeleton title="The period in brief" height={280} />
      </div>
    </div>
  );
}
