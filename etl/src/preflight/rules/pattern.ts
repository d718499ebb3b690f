import { RE2JS } from "re2js";
import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, linesWhere } from "../samples.ts";
import { literal } from "../sql-text.ts";
import { rawText } from "../staged-table.ts";
import type { RuleCheck } from "./rule-check.ts";

/**
 * `pattern`: the whole text of every filled cell matches. Patterns come from outside, so only an engine whose time is
 * linear in the text may run them: DuckDB's own RE2, after RE2JS has agreed that the pattern is one.
 */
export const checkPattern: RuleCheck<"pattern"> = async (rule, { table }) => {
  RE2JS.compile(rule.pattern);
  const text = `trim(${rawText(table, rule.column)}, ' \t')`;
  const condition = `(${rawText(table, rule.column)} is not null and ${text} <> '' and not regexp_full_match(${text}, ${literal(rule.pattern)}))`;
  const seen = await table.db.row(
    `select count(*) as rows, count_if(${condition}) as broken from ${table.relation}`,
  );
  const count = Number(seen.broken);
  const lines = linesWhere(table, condition);
  return {
    count,
    observed: { row_count: seen.rows!, violation_count: count, pattern: rule.pattern },
    message: `${counted(count, "cell")} of another form`,
    column: rule.column,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column, expected: ruleSentence(rule) }),
    lines,
  };
};
