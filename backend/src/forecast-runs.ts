import type { Logger } from "@rossmann/core";
import { type Db, type NewForecastRun, recordForecastRun } from "@rossmann/warehouse";

/** Records that may wait while the database is slow; beyond it an answer waits for its record. */
const LONGEST_QUEUE = 500;
/** A record is tried again so often before it is given up and logged. */
const ATTEMPTS = 3;

/** The records of forecasts that were given, written beside the answers and not before them. */
export interface ForecastRuns {
  /** Take a record in. Resolves at once, except while too many are waiting. Never rejects. */
  record(run: NewForecastRun): Promise<void>;
  /** Resolves when every record taken in is written; call it before the pool is closed. */
  drain(): Promise<void>;
}

/**
 * @param retryPauseMs pause before the next attempt, multiplied by the attempts made
 */
export function createForecastRuns(db: Db, logger: Logger, retryPauseMs = 200): ForecastRuns {
  const waiting: NewForecastRun[] = [];
  let writing: Promise<void> | null = null;

  async function write(run: NewForecastRun): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await recordForecastRun(db, run);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) {
          logger.error({ err: error, run_id: run.runId }, "a forecast run could not be recorded");
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, retryPauseMs * attempt));
      }
    }
  }

  // One after the other: records may take one connection, answers need the rest.
  async function writeAll(): Promise<void> {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await write(run);
    writing = null;
  }

  return {
    async record(run) {
      waiting.push(run);
      writing ??= writeAll();
      if (waiting.length > LONGEST_QUEUE) await writing;
    },
    async drain() {
      while (writing !== null) await writing;
    },
  };
}
