import { renameSync, statSync } from "node:fs";
import { type Logger as PinoLogger, pino } from "pino";

export type Logger = PinoLogger;
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** Header and field names whose values must never reach a log line. */
const REDACTED = [
  "req.headers.authorization",
  'req.headers["x-api-key"]',
  "req.headers.cookie",
  "password",
  "apiKey",
  "secret",
];

const STDERR = 2;
/** A log file of this size is set aside (one generation is kept) before a process begins to write. */
const LOG_FILE_LIMIT_BYTES = 20_000_000;

/**
 * A JSON logger, UTC times, secrets redacted.
 *
 * @param level       lowest level that is written; "silent" writes nothing
 * @param destination file to append to; default stderr (stdout belongs to the answer of a command)
 */
export function createLogger(level: LogLevel = "info", destination: string | number = STDERR): Logger {
  if (typeof destination === "string") setAsideWhenLarge(destination);
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: REDACTED, base: undefined },
    pino.destination({ dest: destination, sync: true, mkdir: true }),
  );
}

function setAsideWhenLarge(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_FILE_LIMIT_BYTES) renameSync(path, `${path}.1`);
}
