import type { BacktestRow } from "../../lib/api-types.ts";
import { percent, weekdayName } from "../../lib/format.ts";
import { meanOf, NAIVE } from "./leaderboard.ts";

/** The ways a backtest is cut, in the order of the page. */
export const CUTS = ["horizon", "weekday", "promo", "store_type", "store_decile"] as const;
export type Cut = (typeof CUTS)[number];

export const CUT_NAMES: Record<Cut, string> = {
  horizon: "Days ahead",
  weekday: "Weekday",
  promo: "Promotion",
  store_type: "Store type",
  store_decile: "Store size",
};

/** How far off a model and the naive rule were in one segment (WAPE, mean over the starting points). */
export interface SegmentError {
  segment: string;
  name: string;
  model: number | null;
  naive: number | null;
  /** Store-days judged, over all starting points. */
  points: number;
}

/**
 * Errors of a model by the segments of one cut, in their natural order. A model or cut that was not tested: none.
 *
 * @param farModel the model that answers for the days behind the main windows, judged on windows of 180 days
 */
export function segmentErrors(
  rows: readonly BacktestRow[],
  cut: Cut,
  model: string,
  farModel: string = model,
): SegmentError[] {
  const near = errorsOf(rows, cut, cut, model);
  return cut === "horizon" ? [...near, ...errorsOf(rows, "long_horizon", cut, farModel)] : near;
}

function errorsOf(rows: readonly BacktestRow[], kind: string, cut: Cut, model: string): SegmentError[] {
  const own = rows.filter((row) => row.segment_kind === kind);
  return [...Map.groupBy(own, (row) => row.segment)]
    .map(([segment, parts]) => {
      const of = (type: string) => parts.filter((row) => row.model_type === type);
      return {
        segment,
        name: segmentName(cut, segment),
        model: meanOf(of(model).map((row) => row.metrics.wape)),
        naive: meanOf(of(NAIVE).map((row) => row.metrics.wape)),
        points: of(model).reduce((sum, row) => sum + row.points, 0),
      };
    })
    .filter((entry) => entry.points > 0)
    .sort((a, b) => a.segment.localeCompare(b.segment, "en", { numeric: true }));
}

/** A segment in a planner's words. */
export function segmentName(cut: Cut, segment: string): string {
  switch (cut) {
    case "horizon":
      return segment.replace("-", "–");
    case "weekday":
      return weekdayName(Number(segment));
    case "promo":
      return segment === "promo" ? "Promotion" : "No promotion";
    case "store_type":
      return `Type ${segment}`;
    case "store_decile":
      return segment === "1" ? "Smallest" : segment === "10" ? "Largest" : segment;
  }
}

/** Where the model is surest and where it errs most, in one sentence. */
export function segmentSentence(cut: Cut, errors: readonly SegmentError[]): string {
  const known = errors.flatMap((entry) => (entry.model === null ? [] : [{ ...entry, model: entry.model }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return "Not tested.";
  if (known.length === 1) return `Off by ${percent(first.model)}; there is nothing else to compare with.`;
  if (cut === "horizon")
    return `Off by ${percent(first.model)} ${first.name} days ahead, ${percent(last.model)} ${last.name} days ahead.`;
  const ranked = known.toSorted((a, b) => a.model - b.model);
  const [best, worst] = [ranked[0] ?? first, ranked.at(-1) ?? last];
  const place = (entry: SegmentError): string => inPlace(cut, entry);
  return `Surest ${place(best)} (off by ${percent(best.model)}), least sure ${place(worst)} (${percent(worst.model)}).`;
}

/** The tenths of the stores by size, from the smallest, in words. */
const TENTHS = [
  "smallest",
  "second smallest",
  "third smallest",
  "fourth smallest",
  "fifth smallest",
  "fifth largest",
  "fourth largest",
  "third largest",
  "second largest",
  "largest",
];

function inPlace(cut: Cut, { segment, name }: SegmentError): string {
  switch (cut) {
    case "weekday":
      return `on ${name}`;
    case "promo":
      return segment === "promo" ? "on promotion days" : "on other days";
    case "store_decile":
      return `in the ${TENTHS[Number(segment) - 1] ?? segment} tenth of stores`;
    default:
      return `in ${name[0]?.toLowerCase()}${name.slice(1)} stores`;
  }
}
