import type { BacktestRow } from "../../lib/api-types.ts";
import { percentWhole } from "../../lib/format.ts";
import { meanOf } from "./leaderboard.ts";

/** How much of the tested days an interval held; ratios. */
export interface Calibration {
  nominal: number;
  measured: number;
  /** The starting points that held least and most. */
  lowest: number;
  highest: number;
}

const LEVELS = [
  [0.8, "coverage_80"],
  [0.9, "coverage_90"],
  [0.95, "coverage_95"],
] as const;

/** Nominal against measured for each level that was measured; a model without intervals has none. */
export function calibration(rows: readonly BacktestRow[], model: string): Calibration[] {
  const own = rows.filter((row) => row.segment_kind === "all" && row.model_type === model);
  return LEVELS.flatMap(([nominal, name]) => {
    const shares = own.flatMap(({ metrics }) => (metrics[name] === null ? [] : [metrics[name]]));
    const measured = meanOf(shares);
    return measured === null
      ? []
      : [{ nominal, measured, lowest: Math.min(...shares), highest: Math.max(...shares) }];
  });
}

/** Off by no more than this is as promised: a few starting points cannot tell finer. */
const TOLERANCE = 0.03;

/** Whether the intervals can be relied on, in one sentence. */
export function calibrationSentence(levels: readonly Calibration[]): string {
  const off = levels.toSorted(
    (a, b) => Math.abs(b.measured - b.nominal) - Math.abs(a.measured - a.nominal),
  )[0];
  if (off === undefined) return "Not measured.";
  if (Math.abs(off.measured - off.nominal) <= TOLERANCE)
    return "Yes: they hold as many days as they promise, give or take 3 points.";
  const held = `the ${percentWhole(off.nominal)} interval held ${percentWhole(off.measured)} of the days`;
  return off.measured < off.nominal ? `Too narrow: ${held}.` : `Wider than needed: ${held}.`;
}
