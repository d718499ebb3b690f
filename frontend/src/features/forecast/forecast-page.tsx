import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { FiltersSkeleton, PanelSkeleton } from "../../components/panel-skeleton.tsx";
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
      <FiltersSkeleton count={2} />
      <div className={classes.cards}>
        {FORECAST_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <PanelSkeleton title="Forecast" height={460} />
      <div className={classes.lower}>
        <PanelSkeleton title="First 14 days" height={460} />
        <PanelSkeleton title="How sure is it?" height={300} />
      </div>
    </div>
  );
}
