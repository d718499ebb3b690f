import { cellSeverity } from "../../contract/contract-schema.ts";
import { grammarSentence, isMissing } from "../cell-grammar.ts";
import { counted } from "../finding.ts";
import { identifier } from "../sql-text.ts";
import type { CellCheck } from "./cell-test.ts";

/** `types`: the text of the cell can be read as a value of the column's type. */
export const checkTypes: CellCheck = ({ contract }, staged) => {
  if (staged.column.dtype === "string" || staged.stats.kept === 0) return [];
  const expected = grammarSentence(staged.column, contract);
  const raw = identifier(`${staged.name}__raw`);
  return [
    {
      check: "types",
      column: staged,
      severity: cellSeverity(contract, staged.column),
      condition: `(${identifier(staged.name)} is null and ${raw} is not null and not ${isMissing(raw, contract)})`,
      expected,
      message: (count, first) =>
        `${counted(count, "cell")} of ${staged.name} cannot be read: ${first} is not ${expected}`,
    },
  ];
};
