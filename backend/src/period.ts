import { PeriodRefused } from "./errors.ts";

/** @throws {PeriodRefused} when the first day lies after the last */
export function assertPeriod(
  from: string,
  to: string,
  names: readonly [string, string] = ["date_from", "date_to"],
): void {
  if (from > to) throw new PeriodRefused(`${names[0]} ${from} lies after ${names[1]} ${to}; swap them`);
}
