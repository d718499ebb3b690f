import { Skeleton } from "@mantine/core";
import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
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
      <Skeleton height={60} width={520} maw="100%" mb={20} />
      <div className={classes.cards}>
        {CARD_NAMES.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <Skeleton height={460} radius={8} mb={16} />
      <div className={classes.lower}>
        <Skeleton height={300} radius={8} />
        <Skeleton height={300} radius={8} />
      </div>
    </div>
  );
}
