import { Skeleton } from "@mantine/core";
import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { PageGate } from "../common/page-gate.tsx";
import { FORECAST_CARDS } from "./components/forecast-cards.tsx";
import classes from "./components/forecast-studio.module.css";
import { ForecastStudio } from "./components/forecast-studio.tsx";

/** "What will a store sell in the coming days?" */
export function ForecastPage() {
  return (
    <PageGate title="Forecast Studio" skeleton={<ForecastSkeleton />}>
      {(data, summary) => <ForecastStudio data={data} summary={summary} />}
    </PageGate>
  );
}

function ForecastSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={60} width={520} maw="100%" mb={20} />
      <div className={classes.cards}>
        {FORECAST_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <Skeleton height={480} radius={8} mb={16} />
      <Skeleton height={300} radius={8} />
    </div>
  );
}
