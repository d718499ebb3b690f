import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import classes from "./preflight.module.css";

/**
 * The page's shape while nothing is known.
 *
 * @param hasHistory also what stands below the run
 */
export function PreflightSkeleton({ hasHistory = false }: { hasHistory?: boolean }) {
  return (
    <div className={classes.panels} aria-busy="true">
      <PanelSkeleton title="Verdict" height={140} />
      <PanelSkeleton title="What was found" height={360} />
      {hasHistory && <PanelSkeleton title="Over time" height={240} />}
    </div>
  );
}
