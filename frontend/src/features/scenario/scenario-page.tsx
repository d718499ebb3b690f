import { KpiCardSkeleton } from "../../components/kpi-card.tsx";
import { FiltersSkeleton, PanelSkeleton } from "../../components/panel-skeleton.tsx";
import { PageGate } from "../common/page-gate.tsx";
import { SCENARIO_CARDS } from "./components/scenario-cards.tsx";
import editors from "./components/scenario-editor.module.css";
import classes from "./components/scenario-lab.module.css";
import { ScenarioLab } from "./components/scenario-lab.tsx";

/** "What changes if we do something?" */
export function ScenarioPage() {
  return (
    <PageGate title="Scenario Lab" skeleton={<ScenarioSkeleton />}>
      {(_data, summary) => <ScenarioLab summary={summary} />}
    </PageGate>
  );
}

function ScenarioSkeleton() {
  return (
    <div aria-busy="true">
      <FiltersSkeleton count={4} />
      <div className={editors.editors}>
        <PanelSkeleton title="Scenario 1" height={300} />
      </div>
      <div className={classes.cards}>
        {SCENARIO_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <PanelSkeleton title="Day by day" height={360} />
    </div>
  );
}
