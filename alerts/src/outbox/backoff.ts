import type { Random } from "@rossmann/core";

/** Svix's schedule: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h: eight attempts over 27 h 35 min. */
export const DEFAULT_SCHEDULE_MS: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map(
  (s) => s * 1_000,
);

const DAY_MS = 86_400_000;
const JITTER = 0.2;
const OVERLOAD_WAIT_MS = 60_000;

/** Waits that double: `base`, 2 `base`, 4 `base` … at most a day each; one fewer than attempts. */
export function exponentialSchedule(attempts: number, baseMs: number): number[] {
  return Array.from({ length: Math.max(attempts - 1, 0) }, (_, i) => Math.min(baseMs * 2 ** i, DAY_MS));
}

export interface FailedAttempt {
  /** 1 for the first */
  attempt: number;
  /** the receiver is overloaded or did not answer in time: give it at least a minute */
  isOverload: boolean;
  /** what the receiver asked for; null when it did not */
  retryAfterMs: number | null;
}

/**
 * How long to wait after a failed attempt, from its end.
 *
 * The scheduled wait with ±20 % jitter, so that many failed deliveries do not come back at one moment. A receiver's
 * `Retry-After` is honoured between the scheduled wait and twice that.
 *
 * @returns milliseconds, or null when that was the last attempt
 */
export function retryDelayMs(
  scheduleMs: readonly number[],
  failed: FailedAttempt,
  random: Random,
): number | null {
  const planned = scheduleMs[failed.attempt - 1];
  if (planned === undefined) return null;
  const jittered = planned * (1 - JITTER + 2 * JITTER * random.uniform());
  const scheduled = failed.isOverload ? Math.max(jittered, OVERLOAD_WAIT_MS) : jittered;
  if (failed.retryAfterMs === null) return Math.round(scheduled);
  return Math.round(Math.min(Math.max(failed.retryAfterMs, scheduled), 2 * scheduled));
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date.
 *
 * @returns null when the header is absent or cannot be read; 0 for a date that has passed
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes many forms; HTTP dates begin with a weekday's name (RFC 9110 section 5.6.7).
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(at - nowMs, 0);
}

export interface Circuit {
  /** failures in a row at which the circuit opens */
  opensAfter: number;
  /** first pause; it doubles with each further failure */
  firstPauseMs: number;
  longestPauseMs: number;
}

export const DEFAULT_CIRCUIT: Circuit = { opensAfter: 5, firstPauseMs: 30_000, longestPauseMs: 900_000 };

/** How long nothing is sent to an endpoint after so many failures in a row; 0 while the circuit is closed. */
export function circuitPauseMs(circuit: Circuit, consecutiveFailures: number): number {
  const beyond = consecutiveFailures - circuit.opensAfter;
  return beyond < 0 ? 0 : Math.min(circuit.firstPauseMs * 2 ** Math.min(beyond, 30), circuit.longestPauseMs);
}
