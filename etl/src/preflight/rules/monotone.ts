import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, identifiers } from "../samples.ts";
import { identifier } from "../sql-text.ts";
import type { RuleCheck } from "./rule-check.ts";

/** `monotone`: in file order, each value follows the one before it. Empty cells are passed over. */
export const checkMonotone: RuleCheck<"monotone"> = async (rule, { table }) => {
  const value = identifier(rule.column);
  const wrong = rule.direction === "increasing" ? "<" : ">";
  const partition = rule.group_by.length === 0 ? "" : `partition by ${identifiers(rule.group_by)}`;
  const lines = `select line from (
    select line, ${value} as v, lag(${value}) over (${partition} order by line) as before
    from ${table.relation} where ${value} is not null
  ) where v ${wrong}${rule.strict ? "=" : ""} before`;
  const { n } = await table.db.row(`select count(*) as n from (${lines})`);
  const count = Number(n);
  return {
    count,
    observed: { row_count: table.rows, violation_count: count, direction: rule.direction },
    message: `${counted(count, "row")} out of order`,
    column: rule.column,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column, expected: ruleSentence(rule) }),
    lines,
  };
};
