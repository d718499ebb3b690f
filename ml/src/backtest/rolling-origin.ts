/**
 * The days from which the past is forecast again. With `horizon` 42 and two years or more of history:
 *
 * ```
 *   one year back                                          the four newest windows, back to back
 *   |—42—|—42—|            …                        |—42—|—42—|—42—|—42—|
 *   the season of the coming days and the next one                      last day
 * ```
 *
 * The newest windows tell how the chain sells now, those of last year how it sells in the season that comes next.
 */
import type { DayNumber } from "@rossmann/core";

const NEWEST_WINDOWS = 4;
const YEAR_DAYS = 364;
const SHORTEST_WINDOW_DAYS = 7;
/** A model needs this many days before its first origin, or twice the window when that is less. */
const WISHED_HISTORY_DAYS = 120;
/** Fewest days of history from which anything can be judged: twice the shortest window before, one after. */
export const SHORTEST_HISTORY_DAYS = 3 * SHORTEST_WINDOW_DAYS;

/**
 * The window that a history can be judged with: the wished horizon, or a third of a shorter history.
 *
 * @returns whole days from 7 up, or 0 when the history has fewer than 21 days
 */
export function backtestHorizon(historyDays: number, wished: number): number {
  if (historyDays < SHORTEST_HISTORY_DAYS) return 0;
  return Math.max(SHORTEST_WINDOW_DAYS, Math.min(wished, Math.floor(historyDays / 3)));
}

/**
 * Origins for a backtest, newest first, every window inside of the history.
 *
 * @param firstDay first observed day
 * @param lastDay  last observed day
 * @param horizon  days per window
 * @param wished   how many origins, at least 1
 * @returns at most `wished` origins; empty when not even one window has enough days before it
 */
export function chooseOrigins(
  firstDay: DayNumber,
  lastDay: DayNumber,
  horizon: number,
  wished: number,
): DayNumber[] {
  const least = firstDay - 1 + Math.min(WISHED_HISTORY_DAYS, 2 * horizon);
  const isServed = (origin: DayNumber) => origin >= least;
  const spaced = (from: DayNumber) =>
    Array.from({ length: wished + NEWEST_WINDOWS }, (_, k) => from - k * horizon);

  const newest = spaced(lastDay - horizon).slice(0, NEWEST_WINDOWS);
  const lastYear = [lastDay - YEAR_DAYS + horizon, lastDay - YEAR_DAYS].filter((day) => day < newest.at(-1)!);
  const preferred = [...newest, ...lastYear].filter(isServed);
  // Fewer than wished: go on backwards from the newest ones, window by window, where nothing is taken yet.
  const more = spaced(newest.at(-1)! - horizon).filter(
    (day) => isServed(day) && preferred.every((taken) => Math.abs(taken - day) >= horizon),
  );
  return [...preferred, ...more].slice(0, wished).sort((a, b) => b - a);
}
