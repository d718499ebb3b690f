import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, messageOf } from "@rossmann/core";
import { beginTick, type Db, endTick } from "@rossmann/warehouse";
import { type HeldLease, takeLease } from "./lease.ts";

export interface ScheduleOptions {
  db: Db;
  /** name of the job in the registry of jobs */
  job: string;
  intervalMs: number;
  ownerId: string;
  /** only one process at a time works; null: every tick goes to whoever asks first */
  lease: { name: string; ttlMs: number } | null;
  /** `slot`: start of the interval, milliseconds since 1970 */
  work: (context: { slot: number; lease: HeldLease | null; signal: AbortSignal }) => Promise<void>;
  logger: Logger;
}

export interface Schedule {
  /** lets the tick under way finish, gives the lease back and begins no other */
  stop(): Promise<void>;
}

export type TickOutcome = "done" | "failed" | "taken" | "no_lease";

/**
 * Run a job once per interval, in any number of processes. A tick begins when its interval begins; one that takes longer than the
 * interval lets the ticks pass that it overran, and they are counted. A tick that fails is noted and does not stop the schedule.
 */
export function startSchedule(options: ScheduleOptions): Schedule {
  const { intervalMs, job, logger } = options;
  const stopping = new AbortController();
  const runner = createTicker(options);
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const untilNext = intervalMs - (Date.now() % intervalMs);
      try {
        await sleep(untilNext, undefined, { signal: stopping.signal });
      } catch {
        break;
      }
      try {
        await runner.tick(stopping.signal);
      } catch (error) {
        logger.warn({ job, reason: messageOf(error) }, "a tick could not be begun or noted");
      }
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
      await runner.release();
    },
  };
}

/** The present interval's tick, once; {@link startSchedule} calls it again and again. */
export function createTicker(options: ScheduleOptions) {
  const { db, job, intervalMs, ownerId, logger, work } = options;
  let held: HeldLease | null = null;
  return {
    async tick(stopping: AbortSignal): Promise<TickOutcome> {
      held?.stopRenewing();
      held = options.lease === null ? null : await takeLease(db, { ...options.lease, ownerId, logger });
      if (options.lease !== null && held === null) return "no_lease";
      try {
        const slot = await beginTick(db, job, intervalMs, ownerId);
        if (slot === null) return "taken";
        return await runTick(slot, stopping);
      } finally {
        // Between ticks the lease only runs on: its time is longer than the interval.
        held?.stopRenewing();
      }
    },
    async release(): Promise<void> {
      await held?.release().catch((error: unknown) => {
        logger.warn(
          { job, reason: messageOf(error) },
          "the lease could not be given back; it runs out by itself",
        );
      });
    },
  };

  async function runTick(slot: number, stopping: AbortSignal): Promise<TickOutcome> {
    const startedAt = performance.now();
    const signal = held === null ? stopping : AbortSignal.any([stopping, held.signal]);
    let failure: string | null = null;
    try {
      await work({ slot, lease: held, signal });
    } catch (error) {
      failure = messageOf(error).slice(0, 1_000);
      logger.error({ job, reason: failure }, "a scheduled job failed");
    }
    // Without a lease another process may have run the intervals that passed meanwhile.
    const passed = held === null ? 0 : Math.floor((Date.now() - slot) / intervalMs);
    await endTick(db, job, {
      durationMs: performance.now() - startedAt,
      error: failure,
      skipped: Math.max(passed, 0),
    });
    return failure === null ? "done" : "failed";
  }
}
