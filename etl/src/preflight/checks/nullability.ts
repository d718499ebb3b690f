import { cellSeverity } from "../../contract/contract-schema.ts";
import { isMissing } from "../cell-grammar.ts";
import { counted } from "../finding.ts";
import { identifier } from "../sql-text.ts";
import type { CellCheck } from "./cell-test.ts";

/** `nullability`: no empty cell where the column needs a value. */
export const checkNullability: CellCheck = ({ contract, rows }, staged) => {
  if (staged.isNullable || staged.stats.filled === rows) return [];
  const raw = identifier(`${staged.name}__raw`);
  return [
    {
      check: "nullability",
      column: staged,
      severity: cellSeverity(contract, staged.column),
      condition: `(${identifier(staged.name)} is null and (${raw} is null or ${isMissing(raw, contract)}))`,
      expected: "a value",
      message: (count, first) =>
        `${counted(count, "cell")} of ${staged.name} ${count === 1 ? "is" : "are"} empty, first ${first}`,
    },
  ];
};
