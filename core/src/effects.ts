import { createLogger, type Logger } from "./logger.ts";

/** What touches the world and a test wants to replace. */
export interface Effects {
  /** milliseconds since 1970-01-01 UTC */
  now: () => number;
  logger: Logger;
}

export const systemEffects = (logger: Logger = createLogger()): Effects => ({ now: Date.now, logger });
