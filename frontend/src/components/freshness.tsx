import { Tooltip } from "@mantine/core";
import { ago, day, instant } from "../lib/format.ts";
import classes from "./freshness.module.css";

interface FreshnessProps {
  /** Last day that has a sale, `YYYY-MM-DD`; null when nothing is loaded. */
  lastDay: string | null;
  /** When the data became visible (ISO instant); null when unknown. */
  loadedAt: string | null;
  /** `brief` leaves out the load. */
  brief?: boolean;
}

/** A load that is older than this turns amber. */
export const LOAD_LIMIT_DAYS = 7;

/** Whether a load is older than its limit. */
export function isStale(loadedAt: string | null, now = Date.now()): boolean {
  return loadedAt !== null && now - Date.parse(loadedAt) > LOAD_LIMIT_DAYS * 86_400_000;
}

/** "Data to 31 Jul 2015, loaded 12 min ago"; amber, and with a word for it, when the load is old. */
export function Freshness({ lastDay, loadedAt, brief = false }: FreshnessProps) {
  if (lastDay === null) return <span className={classes.freshness}>No data loaded</span>;
  const stale = isStale(loadedAt);
  return (
    <Tooltip label={loadedAt === null ? "Time of the load unknown" : `Loaded ${instant(loadedAt)}`}>
      <span className={classes.freshness} data-stale={stale || undefined}>
        <span>Data to {day(lastDay)}</span>
        {!brief && loadedAt !== null && (
          <span className={classes.load}>
            , loaded {ago(loadedAt)}
            {stale && " (old)"}
          </span>
        )}
      </span>
    </Tooltip>
  );
}
