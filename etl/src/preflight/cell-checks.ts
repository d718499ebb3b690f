import { checkAllowedValues } from "./checks/allowed-values.ts";
import type { CellCheck } from "./checks/cell-test.ts";
import { checkNullability } from "./checks/nullability.ts";
import { checkRanges } from "./checks/ranges.ts";
import { checkTextLength } from "./checks/text-length.ts";
import { checkTypes } from "./checks/types.ts";
import type { Finding } from "./finding.ts";
import type { Rejections } from "./rejections.ts";
import { firstPlace, firstSamples, linesWhere } from "./samples.ts";
import type { StagedTable } from "./staged-table.ts";

const CHECKS: CellCheck[] = [checkTypes, checkNullability, checkRanges, checkAllowedValues, checkTextLength];

/** Every cell check of every column that the file has: all counts in one pass, samples only where something is wrong. */
export async function runCellChecks(table: StagedTable, rejections: Rejections): Promise<Finding[]> {
  const tests = table.columns
    .filter((column) => column.header !== null)
    .flatMap((column) => CHECKS.flatMap((check) => check(table, column)));
  if (tests.length === 0) return [];
  const counts = await table.db.row(
    `select ${tests.map((test, index) => `count_if(${test.condition}) as t${index}`).join(", ")} from ${table.relation}`,
  );
  const findings: Finding[] = [];
  for (const [index, test] of tests.entries()) {
    const count = Number(counts[`t${index}`]);
    if (count === 0) continue;
    const lines = linesWhere(table, test.condition);
    const samples = await firstSamples(table, lines, { name: test.column.name, expected: test.expected });
    findings.push({
      check: test.check,
      level: "cell",
      severity: test.severity,
      column: test.column.name,
      count,
      message: test.message(count, firstPlace(samples)),
      expected: test.expected,
      samples,
      quarantined: true,
    });
    await rejections.add(lines, test.check, `${test.column.name}: expected ${test.expected}`);
  }
  return findings;
}
