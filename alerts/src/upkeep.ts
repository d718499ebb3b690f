import { refreshForecastGauges } from "./metrics/forecast-figures.ts";
import { newOwnerId } from "./owner-id.ts";
import { applyRetention, keepDaysOf } from "./retention.ts";
import { startSchedule } from "./schedule/schedule.ts";
import type { DeskParts } from "./worker.ts";

const FIGURES_INTERVAL_MS = 300_000;
const HOUR_MS = 3_600_000;
const LEASE_MS = 60_000;

/**
 * The jobs that keep the house in order: figures that are too dear for every scrape, and the removal of what is kept long enough.
 * Any number of processes may run them; each tick is worked by one.
 */
export function startUpkeep({ db, settings, logger }: Pick<DeskParts, "db" | "settings" | "logger">) {
  const ownerId = newOwnerId();
  const leaseOf = (job: string) => ({
    name: `${settings.PREFLIGHT_ALERTS_SCHEDULER_LEASE_NAME}:${job}`,
    ttlMs: LEASE_MS,
  });
  const figures = startSchedule({
    db,
    job: "figures",
    intervalMs: FIGURES_INTERVAL_MS,
    ownerId,
    lease: leaseOf("figures"),
    logger,
    work: () => refreshForecastGauges(db, new Date()),
  });
  const retention = !settings.RETENTION_ENABLED
    ? null
    : startSchedule({
        db,
        job: "retention",
        intervalMs: settings.RETENTION_INTERVAL_HOURS * HOUR_MS,
        ownerId,
        lease: leaseOf("retention"),
        logger,
        work: async ({ signal }) => {
          const report = await applyRetention(db, keepDaysOf(settings), {
            now: new Date(),
            dryRun: false,
            logger,
            signal,
          });
          const failures = report.flatMap(({ shelf, error }) =>
            error === null ? [] : [`${shelf}: ${error}`],
          );
          if (failures.length > 0) throw new Error(failures.join("; "));
        },
      });
  return {
    async stop(): Promise<void> {
      await Promise.all([figures.stop(), retention?.stop()]);
    },
  };
}
