import { type AlertDesk, openAlertDesk, startAlertWorker, startUpkeep } from "@rossmann/alerts";
import { readEnvironment } from "@rossmann/core";
import { createUploadJobs } from "@rossmann/etl";
import type { Session } from "./session.ts";

/** Work that goes on beside the answers until it is told to stop. */
export interface BackgroundWork {
  /** begins nothing more, finishes what is under way */
  stop(): Promise<void>;
}

/** Where it works: in a process that answers requests too, or in a worker. */
export interface BackgroundPlace {
  besideTheApi: boolean;
}

type Part = (session: Session, desk: AlertDesk, place: BackgroundPlace) => BackgroundWork | null;

/** Everything that works in the background, each part by itself: any number of processes may run any of them. */
const PARTS: readonly Part[] = [alertSchedules, upkeep, uploadLoads];

/** Policies, channels and delivery for one process; close it when its work has stopped. */
export function openDesk({ db, settings, effects }: Session): AlertDesk {
  return openAlertDesk({ db, settings, environment: readEnvironment(), logger: effects.logger });
}

/** Start every part that the settings ask for. */
export function startBackground(session: Session, desk: AlertDesk, place: BackgroundPlace): BackgroundWork {
  const running = PARTS.flatMap((start) => start(session, desk, place) ?? []);
  return {
    async stop() {
      await Promise.all(running.map((work) => work.stop()));
    },
  };
}

/** The schedules over the alert policies and the delivery of notifications. */
function alertSchedules({ db, settings, effects }: Session, desk: AlertDesk, place: BackgroundPlace) {
  if (place.besideTheApi && !settings.PREFLIGHT_ALERTS_SCHEDULER_AUTO_START) return null;
  return startAlertWorker(desk, { db, settings, logger: effects.logger });
}

/** Figures for the metrics, and the removal of old rows. */
function upkeep({ db, settings, effects }: Session, _desk: AlertDesk, place: BackgroundPlace) {
  if (place.besideTheApi && !settings.PREFLIGHT_ALERTS_SCHEDULER_AUTO_START) return null;
  return startUpkeep({ db, settings, logger: effects.logger });
}

/** Deliveries that came in by the API are examined and loaded. */
function uploadLoads({ db, settings, effects }: Session) {
  const uploads = createUploadJobs(db, { settings, effects, isWorker: true });
  uploads.work();
  return { stop: () => uploads.close() };
}
