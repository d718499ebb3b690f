import { Skeleton } from "@mantine/core";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import classes from "./contracts.module.css";

/** The page's shape while nothing is known. */
export function ContractsSkeleton() {
  return (
    <div className={classes.split} aria-busy="true">
      <div>
        <Skeleton height={12} width={80} mb={12} />
        <Skeleton height={64} />
      </div>
      <div className={classes.document}>
        <PanelSkeleton title="What a file must look like" height={420} />
        <PanelSkeleton title="Rules" height={240} />
      </div>
    </div>
  );
}
