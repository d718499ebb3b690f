import { KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import classes from "./model-intelligence.module.css";
import { SERVING_CARDS } from "./serving-cards.tsx";

/** The page's shape while nothing is known. */
export function ModelsSkeleton() {
  return (
    <div aria-busy="true">
      <div className={classes.cards}>
        {SERVING_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
      <div className={classes.panels}>
        <PanelSkeleton title="Leaderboard" height={260} className={classes.wide} />
        <PanelSkeleton title="Where it errs" height={420} />
        <PanelSkeleton title="Are its intervals honest?" height={420} />
      </div>
    </div>
  );
}
