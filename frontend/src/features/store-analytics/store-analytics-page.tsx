import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { FiltersSkeleton, PanelSkeleton } from "../../components/panel-skeleton.tsx";
import { PageGate } from "../common/page-gate.tsx";
import classes from "./components/store-analytics.module.css";
import { StoreAnalytics } from "./components/store-analytics.tsx";
import { STORE_CARDS } from "./components/store-cards.tsx";

/** "How does a store sell, and what moves it?" */
export function StoreAnalyticsPage() {
  return (
    <PageGate title="Store Analytics" skeleton={<StoreAnalyticsSkeleton />}>
      {(data, summary) => <StoreAnalytics data={data} summary={summary} />}
    </PageGate>
  );
}

function StoreAnalyticsSkeleton() {
  return (
    <div aria-busy="true">
      <FiltersSkeleton count={4} />
      <div className={classes.columns}>
        <PanelSkeleton className={classes.list} title="Stores" height={600} />
        <div className={classes.right}>
          <div className={classes.cards}>
            {STORE_CARDS.map((name) => (
              <KpiCardSkeleton key={name} name={name} />
            ))}
          </div>
          <PanelSkeleton title="Sales" height={390} />
          <PanelSkeleton title="When it sells" height={270} />
        </div>
      </div>
    </div>
  );
}
