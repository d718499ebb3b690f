import { Skeleton } from "@mantine/core";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import classes from "./data-sources.module.css";

/** The page's shape while nothing is known. */
export function DataSourcesSkeleton() {
  return (
    <div aria-busy="true">
      <div className={classes.cards}>
        <Skeleton height={168} />
        <Skeleton height={168} />
      </div>
      <div className={classes.panels}>
        <PanelSkeleton title="Bring in files" height={220} />
        <PanelSkeleton title="Loads" height={280} />
      </div>
    </div>
  );
}
