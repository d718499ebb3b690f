import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { FiltersSkeleton, PanelSkeleton } from "../../components/panel-skeleton.tsx";
import { PageGate } from "../common/page-gate.tsx";
import { PORTFOLIO_CARDS } from "./components/portfolio-cards.tsx";
import classes from "./components/portfolio-planner.module.css";
import { PortfolioPlanner } from "./components/portfolio-planner.tsx";

/** "What will these stores sell together?" */
export function PortfolioPage() {
  return (
    <PageGate title="Portfolio Planner" skeleton={<PortfolioSkeleton />}>
      {(_data, summary) => <PortfolioPlanner summary={summary} />}
    </PageGate>
  );
}

function PortfolioSkeleton() {
  return (
    <div aria-busy="true">
      <FiltersSkeleton count={4} />
      <div className={classes.cards}>
        {PORTFOLIO_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <PanelSkeleton title="All together" height={360} />
      <div className={classes.below}>
        <PanelSkeleton title="Stores by week" height={420} />
        <PanelSkeleton title="Store by store" height={420} />
      </div>
    </div>
  );
}
