import { createRandom, type Logger, messageOf, type Settings } from "@rossmann/core";
import { beginTick, type Db, endTick, secondsUntilDue } from "@rossmann/warehouse";
import { type ChannelDesk, openAlertFiles, openChannelDesk } from "./channel-desk.ts";
import type { LiveFile } from "./live-file.ts";
import { createBell } from "./outbox/bell.ts";
import { createDispatcher, type Dispatcher } from "./outbox/dispatcher.ts";
import { newOwnerId } from "./owner-id.ts";
import { type EvaluationReport, evaluatePolicies, SCHEDULER_ACTOR } from "./pipeline.ts";
import type { PolicyFile } from "./policy.ts";
import { startSchedule } from "./schedule/schedule.ts";

/** Everything of the bell room that a process needs, made once and passed down. */
export interface AlertDesk extends ChannelDesk {
  policies: LiveFile<PolicyFile>;
  dispatcher: Dispatcher;
  /** evaluate all policies now, on behalf of somebody */
  evaluate(actor: string): Promise<EvaluationReport>;
  ownerId: string;
}

export interface DeskParts {
  db: Db;
  settings: Settings;
  /** variables that the channel file may name: `readEnvironment()` */
  environment: Readonly<Record<string, string>>;
  /** against which the settings' paths of configuration files are resolved; default: the working directory */
  folder?: string;
  logger: Logger;
}

/**
 * Set up policies, channels and delivery for one process. Nothing runs yet: {@link startAlertWorker} does that.
 *
 * @throws {RangeError} when a network of PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS cannot be read
 */
export function openAlertDesk(parts: DeskParts): AlertDesk {
  const { db, settings, logger } = parts;
  const ownerId = newOwnerId();
  const { policies, channels } = openAlertFiles(parts);
  const channelDesk = openChannelDesk({ settings, channels });
  const dispatcher = createDispatcher({
    db,
    ownerId,
    channels: channelDesk.enabledChannels,
    postman: channelDesk.postman,
    random: createRandom(Date.now() ^ process.pid),
    logger,
    batchSize: settings.PREFLIGHT_NOTIFICATIONS_DISPATCH_BATCH_SIZE,
  });
  return {
    ...channelDesk,
    policies,
    dispatcher,
    ownerId,
    async evaluate(actor) {
      return evaluatePolicies(db, {
        policies: await policies.current(),
        channels: await channelDesk.enabledChannels(),
        actor,
        logger,
      });
    },
  };
}

export interface AlertWorker {
  /** look for due notifications now rather than at the next interval */
  nudge(): void;
  /** begins nothing more, finishes what is under way, gives leases back */
  stop(): Promise<void>;
}

const SHORTEST_REST_MS = 1_000;

/**
 * Run the schedules that the settings ask for: evaluation of the policies, and delivery. Any number of processes may do so.
 */
export function startAlertWorker(
  desk: AlertDesk,
  parts: Pick<DeskParts, "db" | "settings" | "logger">,
): AlertWorker {
  const { db, settings, logger } = parts;
  const bell = createBell();
  const stopping = new AbortController();

  const intervalMs = settings.PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS * 1_000;
  const evaluation = !settings.PREFLIGHT_ALERTS_SCHEDULER_ENABLED
    ? null
    : startSchedule({
        db,
        job: "alerts",
        intervalMs,
        ownerId: desk.ownerId,
        lease: settings.PREFLIGHT_ALERTS_SCHEDULER_LEASE_ENABLED
          ? {
              name: `${settings.PREFLIGHT_ALERTS_SCHEDULER_LEASE_NAME}:alerts`,
              ttlMs: Math.max(2 * intervalMs, 30_000),
            }
          : null,
        logger,
        work: async ({ lease }) => {
          const report = await evaluatePolicies(db, {
            policies: await desk.policies.current(),
            channels: await desk.enabledChannels(),
            actor: SCHEDULER_ACTOR,
            lease: lease === null ? undefined : { name: lease.name, term: lease.term },
            logger,
          });
          if (report.notifications > 0) bell.ring();
        },
      });
  const delivery = settings.PREFLIGHT_NOTIFICATIONS_SCHEDULER_ENABLED
    ? deliverUntilStopped()
    : Promise.resolve();

  return {
    nudge: bell.ring,
    async stop() {
      stopping.abort();
      bell.ring();
      await Promise.all([evaluation?.stop(), delivery]);
    },
  };

  /** Claims make this safe in any number of processes: no lease is needed, and no process waits for another. */
  async function deliverUntilStopped(): Promise<void> {
    const intervalMs = settings.PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS * 1_000;
    while (!stopping.signal.aborted) {
      await bell.wait(await restMs(intervalMs));
      if (stopping.signal.aborted) break;
      const startedAt = performance.now();
      let error: string | null = null;
      let isOurTick = false;
      try {
        isOurTick = (await beginTick(db, "notifications", intervalMs, desk.ownerId)) !== null;
        await desk.dispatcher.drain({ signal: stopping.signal });
      } catch (thrown) {
        error = messageOf(thrown).slice(0, 1_000);
        logger.error({ reason: error }, "notifications could not be delivered");
      }
      if (!isOurTick) continue;
      await endTick(db, "notifications", {
        durationMs: performance.now() - startedAt,
        error,
        skipped: 0,
      }).catch((thrown: unknown) =>
        logger.warn({ reason: messageOf(thrown) }, "a delivery tick could not be noted"),
      );
    }
  }

  /** Until the next notification is due, at most the interval. */
  async function restMs(intervalMs: number): Promise<number> {
    try {
      const channels = await desk.enabledChannels();
      const seconds = await secondsUntilDue(
        db,
        channels.map(({ id }) => id),
      );
      // Something due that was not claimed waits for its group or its endpoint: asking at once would only spin.
      return seconds === null
        ? intervalMs
        : Math.min(Math.max(seconds * 1_000, SHORTEST_REST_MS), intervalMs);
    } catch {
      return intervalMs;
    }
  }
}
