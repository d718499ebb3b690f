import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger, LogLevel } from "@rossmann/core";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const POLL_MS = 500;

const levelPath = (home: string) => join(home, "log-level");

/** Ask every process that works from this home to log from this level on. A file: it means the same on every system. */
export function askForLogLevel(home: string, level: LogLevel): void {
  writeFileSync(levelPath(home), `${level}\n`);
}

/**
 * Take over the level that is asked for while this process runs; what was asked for before it began does not count.
 *
 * @returns ends the looking
 */
export function followLogLevel(home: string, logger: Logger, startedAt = Date.now()): () => void {
  let seen = startedAt;
  const timer = setInterval(() => {
    const changed = statSync(levelPath(home), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changed <= seen) return;
    seen = changed;
    const level = readFileSync(levelPath(home), "utf8").trim();
    if (!(LOG_LEVELS as readonly string[]).includes(level) || level === logger.level) return;
    logger.level = level;
    logger.info({ level }, "the log level was changed");
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
