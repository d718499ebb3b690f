import { cellSeverity } from "../../contract/contract-schema.ts";
import { counted } from "../finding.ts";
import { identifier } from "../sql-text.ts";
import type { CellCheck } from "./cell-test.ts";

/** `text_length`: the text fits the column. */
export const checkTextLength: CellCheck = ({ contract }, staged) => {
  const limit = staged.column.max_length;
  if (limit === undefined) return [];
  const expected = `at most ${limit} characters`;
  return [
    {
      check: "text_length",
      column: staged,
      severity: cellSeverity(contract, staged.column),
      condition: `coalesce(length(${identifier(staged.name)}) > ${limit}, false)`,
      expected,
      message: (count, first) =>
        `${counted(count, "cell")} of ${staged.name} longer than ${limit} characters, first ${first}`,
    },
  ];
};
