import { cellSeverity } from "../../contract/contract-schema.ts";
import { counted } from "../finding.ts";
import { identifier, literal } from "../sql-text.ts";
import type { StagedColumn } from "../staged-table.ts";
import type { CellCheck } from "./cell-test.ts";

/** `allowed_values`: the value is one of the column's list. */
export const checkAllowedValues: CellCheck = ({ contract }, staged) => {
  const values = staged.column.allowed_values;
  if (values === undefined || staged.stats.filled === 0 || isWholeRun(values, staged)) return [];
  const expected = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  return [
    {
      check: "allowed_values",
      column: staged,
      severity: cellSeverity(contract, staged.column),
      condition: `coalesce(${identifier(staged.name)} not in (${values.map(literal).join(", ")}), false)`,
      expected,
      message: (count, first) =>
        `${counted(count, "cell")} of ${staged.name} ${count === 1 ? "is" : "are"} not ${expected}, first ${first}`,
    },
  ];
};

/** Whether the list has no gap between the least and the greatest value of the column: 0 and 1 leave no third. */
function isWholeRun(
  values: readonly (string | number | boolean)[],
  { column, stats }: StagedColumn,
): boolean {
  const { min, max } = stats;
  if (column.dtype !== "int" || typeof min !== "number" || typeof max !== "number") return false;
  if (max - min >= values.length) return false;
  for (let value = min; value <= max; value++) if (!values.includes(value)) return false;
  return true;
}
