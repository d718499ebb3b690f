import type { Change } from "../components/kpi-card.tsx";
import { daysInRange } from "./days.ts";
import { dayRange, MISSING, number, percentSigned } from "./format.ts";
import type { Comparison, Period } from "./period.ts";

/** (now − before) / before; null when one of them is missing or there was nothing before. */
export function ratioOfChange(
  now: number | null | undefined,
  before: number | null | undefined,
): number | null {
  if (now === null || now === undefined || before === null || before === undefined || before === 0)
    return null;
  return (now - before) / before;
}

/** The period compared, in words: "vs the 90 days before", "vs 52 weeks before". */
export function against(comparison: Comparison, period: Period): string {
  if (comparison === "year") return "vs 52 weeks before";
  const days = daysInRange(period.from, period.to);
  return days === 1 ? "vs the day before" : `vs the ${days} days before`;
}

interface ChangeInput {
  now: number | null | undefined;
  before: number | null | undefined;
  wish: Comparison;
  period: Period;
  /** The period compared; null when the data does not reach back. */
  compared: Period | null;
  format: (value: number | null | undefined) => string;
  goodDirection?: Change["goodDirection"];
  /** Shares change in percentage points, amounts in percent. */
  isShare?: boolean;
}

const points = number({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });

/** The change mark of a card; undefined when no comparison is wanted. */
export function describeChange(input: ChangeInput): Change | undefined {
  const { now, before, wish, period, compared, format, goodDirection = "up", isShare = false } = input;
  if (wish === "none") return undefined;
  if (compared === null) return { amount: null, text: MISSING, against: "no earlier data", goodDirection };
  const hasBoth = typeof now === "number" && typeof before === "number";
  const amount = isShare ? (hasBoth ? now - before : null) : ratioOfChange(now, before);
  return {
    amount,
    text: isShare ? (amount === null ? MISSING : `${points(amount * 100)} pts`) : percentSigned(amount),
    against: against(wish, period),
    goodDirection,
    exact: `${format(before)} from ${dayRange(compared.from, compared.to)}`,
  };
}
