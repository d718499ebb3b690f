import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import classes from "./preflight.module.css";

/** The page's shape while nothing is known. */
export function PreflightSkeleton() {
  return (
    <div className={classes.panels} aria-busy="true">
      <PanelSkeleton title="Verdict" height={140} />
      <PanelSkeleton title="What was found" height={360} />
      <PanelSkeleton title="Over time" height={240} />
    </div>
  );
}
