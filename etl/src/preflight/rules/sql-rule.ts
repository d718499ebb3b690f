import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples } from "../samples.ts";
import type { RuleCheck } from "./rule-check.ts";

/** `sql`: the contract's own statement over the table `unified` names no line. */
export const checkSql: RuleCheck<"sql"> = async (rule, { table, askReadOnly }) => {
  const { count, lines } = await askReadOnly(rule.statement, rule.timeout_seconds);
  return {
    count,
    observed: { row_count: table.rows, violation_count: count, statement: rule.statement },
    message: `${counted(count, "row")} named by the statement`,
    column: rule.column ?? null,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column ?? null, expected: ruleSentence(rule) }),
    lines,
  };
};
