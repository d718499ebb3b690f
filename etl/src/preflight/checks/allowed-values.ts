import { cellSeverity } from "../../contract/contract-schema.ts";
import { counted } from "../finding.ts";
import { identifier, literal } from "../sql-text.ts";
import type { CellCheck } from "./cell-test.ts";

/** `allowed_values`: the value is one of the column's list. */
export const checkAllowedValues: CellCheck = ({ contract }, staged) => {
  const values = staged.column.allowed_values;
  if (values === undefined) return [];
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
