import type { Severity } from "../../contract/contract-schema.ts";
import type { StagedColumn, StagedTable } from "../staged-table.ts";

/** One question asked of every cell of one column. */
export interface CellTest {
  check: string;
  column: StagedColumn;
  severity: Severity;
  /** SQL over the staged table, true where the cell is broken; never null */
  condition: string;
  /** what a good cell looks like */
  expected: string;
  /** one sentence, given the exact count and the first value */
  message: (count: number, first: string) => string;
}

export type CellCheck = (table: StagedTable, column: StagedColumn) => CellTest[];
