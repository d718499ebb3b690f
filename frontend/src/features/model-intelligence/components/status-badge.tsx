import type { ExperimentItem } from "../../../lib/api-types.ts";
import classes from "./status-badge.module.css";

const WORDS = { RUNNING: "Running", COMPLETED: "Completed", FAILED: "Failed" } as const;

/** How a training stands: colour, sign and word say the same. */
export function StatusBadge({ item }: { item: Pick<ExperimentItem, "status" | "error_message"> }) {
  const isCancelled = item.status === "FAILED" && item.error_message?.startsWith("cancelled");
  return (
    <span className={classes.badge} data-status={isCancelled ? "CANCELLED" : item.status}>
      {isCancelled ? "Cancelled" : WORDS[item.status]}
    </span>
  );
}

/** A name that a version goes by. */
export function AliasBadge({ alias }: { alias: "champion" | "challenger" }) {
  return (
    <span className={classes.badge} data-status={alias === "champion" ? "COMPLETED" : "RUNNING"}>
      {alias === "champion" ? "Champion" : "Challenger"}
    </span>
  );
}
