import { Skeleton } from "@mantine/core";
import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
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
      <Skeleton height={60} width={520} maw="100%" mb={20} />
      <div className={classes.columns}>
        <Skeleton className={classes.list} height={640} radius={8} />
        <div className={classes.right}>
          <div className={classes.cards}>
            {STORE_CARDS.map((name) => (
              <KpiCardSkeleton key={name} name={name} />
            ))}
          </div>
          <Skeleton height={440} radius={8} />
          <Skeleton height={320} radius={8} />
        </div>
      </div>
    </div>
  );
}
