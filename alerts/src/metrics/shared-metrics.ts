import { metricsRegistry, type Registry } from "@rossmann/core";
import type { Db } from "@rossmann/warehouse";
import { declareAlertFamilies } from "./alert-families.ts";
import { declareNotificationFamilies } from "./notification-families.ts";
import { declarePlatformFamilies } from "./platform-families.ts";
import { declarePreflightFamilies } from "./preflight-families.ts";
import { declareSchedulerFamilies } from "./scheduler-families.ts";
import { sharedFamilies } from "./shared-families.ts";

export interface SharedMetricsOptions {
  db: Db;
  /** ids of the channels in the file: their counters show as zeros before the first delivery */
  channelIds: () => Promise<string[]>;
  registry?: Registry;
}

/**
 * Declare what all processes share: preflight runs, alerts, notifications, schedulers, loads, trainings and forecasts. Read from
 * counters and small tables when scraped, so that any process answers for all, and the cost does not grow with history.
 */
export function registerSharedMetrics({
  db,
  channelIds,
  registry = metricsRegistry,
}: SharedMetricsOptions): void {
  const families = sharedFamilies(db, registry);
  declarePreflightFamilies(families);
  declareAlertFamilies(families);
  declareSchedulerFamilies(families);
  declareNotificationFamilies(families, channelIds);
  declarePlatformFamilies(families);
}
