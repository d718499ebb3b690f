import { type Logger, messageOf } from "@rossmann/core";
import { acquireLease, type Db, releaseLease, renewLease } from "@rossmann/warehouse";
import { leaseLost } from "../metrics/process-metrics.ts";

/** A lease while we work under it. */
export interface HeldLease {
  readonly name: string;
  /** goes into every write, so that the database refuses those of a holder that was overtaken */
  readonly term: number;
  /** aborted when the lease was lost, or can no longer be trusted to be ours */
  readonly signal: AbortSignal;
  /** ends the renewals; the lease itself runs on until its time is over */
  stopRenewing(): void;
  /** gives it back, so that another process may take it at once */
  release(): Promise<void>;
}

export interface LeaseOptions {
  name: string;
  ownerId: string;
  ttlMs: number;
  logger: Logger;
}

const MARGIN_RATIO = 0.1;

/**
 * Take a lease and keep it alive while working.
 *
 * It is renewed every third of its time. By our own clock it is trusted only until the beginning of the last successful renewal plus
 * its time, less a margin: whoever cannot reach the database stops by itself before another may take over.
 *
 * @returns null when another process holds it
 */
export async function takeLease(db: Db, options: LeaseOptions): Promise<HeldLease | null> {
  const { name, ownerId, ttlMs, logger } = options;
  let renewedAt = performance.now();
  const term = await acquireLease(db, name, ownerId, ttlMs);
  if (term === null) return null;

  const lost = new AbortController();
  let renewing: Promise<void> | null = null;
  const lose = (reason: string) => {
    if (lost.signal.aborted) return;
    clearInterval(timer);
    leaseLost.inc();
    logger.warn({ lease: name, term, reason }, "the lease was lost");
    lost.abort(new Error(reason));
  };
  const renew = async () => {
    const startedAt = performance.now();
    try {
      if (await renewLease(db, name, term, ttlMs)) renewedAt = startedAt;
      else lose("another process holds it, or it ran out");
    } catch (error) {
      logger.warn({ lease: name, reason: messageOf(error) }, "the lease could not be renewed");
    }
  };
  const timer = setInterval(() => {
    if (performance.now() > renewedAt + ttlMs * (1 - MARGIN_RATIO))
      return lose("it could not be renewed in time");
    renewing ??= renew().finally(() => {
      renewing = null;
    });
  }, ttlMs / 3);
  timer.unref();

  return {
    name,
    term,
    signal: lost.signal,
    stopRenewing: () => clearInterval(timer),
    async release() {
      clearInterval(timer);
      await renewing;
      await releaseLease(db, name, term);
    },
  };
}
