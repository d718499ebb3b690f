import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, identifiers } from "../samples.ts";
import { identifier } from "../sql-text.ts";
import type { StagedTable } from "../staged-table.ts";
import type { RuleCheck } from "./rule-check.ts";

/** Rows whose keys fit into memory at once; more are looked at in shares of their hash. */
const ROWS_AT_ONCE = 1_000_000;

/** SQL of the lines whose key occurs more than once, empty cells equal to each other; `laterOnly` leaves the first of each out. */
export function duplicateLines(table: StagedTable, columns: readonly string[], laterOnly = false): string {
  const keys = identifiers(columns);
  const same = columns
    .map((name) => `a.${identifier(name)} is not distinct from b.${identifier(name)}`)
    .join(" and ");
  const later = laterOnly ? "and a.line > b.first" : "";
  return `select a.line from ${table.relation} a join (
      select ${keys}, min(line) as first from ${table.relation} group by ${keys} having count(*) > 1
    ) b on ${same} ${later}`;
}

/**
 * Number of rows whose key occurs more than once; every member of a group counts. Rows with equal keys have equal hashes,
 * so shares of the hash can be looked at one after the other, and memory stays the same for any number of rows.
 */
export async function countDuplicates(table: StagedTable, columns: readonly string[]): Promise<number> {
  const keys = identifiers(columns);
  const shares = Math.max(1, Math.ceil(table.rows / ROWS_AT_ONCE));
  let count = 0;
  for (let share = 0; share < shares; share++) {
    const where = shares === 1 ? "" : `where hash(${keys}) % ${shares} = ${share}`;
    const { n } = await table.db.row(
      `select coalesce(sum(k), 0)::bigint as n from (select count(*) as k from ${table.relation} ${where} group by ${keys} having count(*) > 1)`,
    );
    count += Number(n);
  }
  return count;
}

/** `composite_unique`: no two rows have the same key. */
export const checkCompositeUnique: RuleCheck<"composite_unique"> = async (rule, { table }) => {
  const count = await countDuplicates(table, rule.columns);
  const lines = duplicateLines(table, rule.columns);
  const shown = rule.columns.at(-1)!;
  return {
    count,
    observed: { row_count: table.rows, columns: rule.columns, duplicate_row_count: count },
    message: `${counted(count, "row")} with a key that occurs more than once`,
    column: shown,
    samples:
      count === 0 ? [] : await firstSamples(table, lines, { name: shown, expected: ruleSentence(rule) }),
    lines,
  };
};
