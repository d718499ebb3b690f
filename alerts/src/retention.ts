import { type Logger, messageOf, type Settings } from "@rossmann/core";
import { countOld, type Db, removeOld, SHELF_NAMES, type ShelfName } from "@rossmann/warehouse";

/** What became of one kind of rows. */
export interface RetentionRow {
  shelf: ShelfName;
  keepDays: number;
  /** removed, or with a dry run those that would be */
  rows: number;
  /** why nothing or not everything was removed; null when all went well */
  error: string | null;
}

const DAY_MS = 86_400_000;

/** How long each kind of rows is kept, in days; 0: for ever. */
export function keepDaysOf(settings: Settings): Record<ShelfName, number> {
  const alerts = settings.RETENTION_ALERTS_DAYS;
  const deliveries = settings.RETENTION_DELIVERIES_DAYS;
  return {
    alert_history: alerts,
    alert_states: alerts,
    silences: alerts,
    audit: settings.RETENTION_AUDIT_DAYS,
    deliveries,
    notification_events: deliveries,
    preflight_runs: settings.RETENTION_RUNS_DAYS,
    loads: settings.RETENTION_RUNS_DAYS,
    forecast_runs: settings.RETENTION_RUNS_DAYS,
    trainings: settings.RETENTION_RUNS_DAYS,
  };
}

/**
 * Remove what is older than the settings want it kept. One kind that cannot be cleared does not keep the others.
 *
 * @param options `dryRun` counts only
 */
export async function applyRetention(
  db: Db,
  keepDays: Record<ShelfName, number>,
  options: { now: Date; dryRun: boolean; logger: Logger; signal?: AbortSignal },
): Promise<RetentionRow[]> {
  const report: RetentionRow[] = [];
  for (const shelf of SHELF_NAMES) {
    const days = keepDays[shelf];
    if (days === 0) continue;
    const before = new Date(options.now.getTime() - days * DAY_MS);
    const row: RetentionRow = { shelf, keepDays: days, rows: 0, error: null };
    report.push(row);
    try {
      row.rows = options.dryRun
        ? await countOld(db, shelf, before)
        : await removeOld(db, shelf, before, options.signal);
    } catch (error) {
      row.error = messageOf(error);
      options.logger.error({ shelf, reason: row.error }, "old rows could not be removed");
    }
  }
  const removed = report.filter(({ rows }) => rows > 0);
  if (!options.dryRun && removed.length > 0) {
    const counts = Object.fromEntries(removed.map(({ shelf, rows }) => [shelf, rows]));
    options.logger.info(counts, "old rows were removed");
  }
  return report;
}
