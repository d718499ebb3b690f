import { cellSeverity } from "../../contract/contract-schema.ts";
import { counted } from "../finding.ts";
import { identifier, literal } from "../sql-text.ts";
import type { CellCheck } from "./cell-test.ts";

/** `ranges`: the value lies between the column's bounds, both included. */
export const checkRanges: CellCheck = ({ contract }, staged) => {
  const { min, max, dtype } = staged.column;
  if (min === undefined && max === undefined) return [];
  const { min: least, max: most } = staged.stats;
  // Numbers with numbers, dates with dates as YYYY-MM-DD, which order like the days.
  if (least === null || most === null) return [];
  if ((min === undefined || least >= min) && (max === undefined || most <= max)) return [];
  const value = identifier(staged.name);
  const bound = (end: number | string) => (dtype === "date" ? `${literal(end)}::date` : literal(end));
  const outside = [
    ...(min === undefined ? [] : [`${value} < ${bound(min)}`]),
    ...(max === undefined ? [] : [`${value} > ${bound(max)}`]),
  ].join(" or ");
  const expected = rangeText(min, max);
  return [
    {
      check: "ranges",
      column: staged,
      severity: cellSeverity(contract, staged.column),
      condition: `coalesce(${outside}, false)`,
      expected,
      message: (count, first) =>
        `${counted(count, "cell")} of ${staged.name} outside ${expected}, first ${first}`,
    },
  ];
};

/** `0 or more`, `at most 7`, `1 to 7`. */
export function rangeText(min: number | string | undefined, max: number | string | undefined): string {
  if (max === undefined) return `${min} or more`;
  if (min === undefined) return `at most ${max}`;
  return `${min} to ${max}`;
}
