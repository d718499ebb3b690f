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

/**
 * A JSON logger on stderr (stdout belongs to the answer of a command), UTC times, secrets redacted.
 *
 * @param level lowest level that is written; "silent" writes nothing
 */
export function createLogger(level: LogLevel = "info", destination = 2): Logger {
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: REDACTED, base: undefined },
    pino.destination({ dest: destination, sync: true }),
  );
}
