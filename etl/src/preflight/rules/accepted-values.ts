import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted, MASK, shownValue } from "../finding.ts";
import { firstSamples, linesWhere } from "../samples.ts";
import { identifier, literal } from "../sql-text.ts";
import type { RuleCheck } from "./rule-check.ts";

const DISTINCT_SAMPLE = 5;

/** `accepted_values`: every value is in the list; an empty or unreadable cell breaks it too. */
export const checkAcceptedValues: RuleCheck<"accepted_values"> = async (rule, { table }) => {
  const value = identifier(rule.column);
  const wrong = `coalesce(${value} not in (${rule.values.map(literal).join(", ")}), false)`;
  const condition = rule.ignore_nulls ? wrong : `(${value} is null or ${wrong})`;
  const seen = await table.db.row(
    `select count(*) as rows, count_if(${condition}) as invalid from ${table.relation}`,
  );
  const count = Number(seen.invalid);
  const lines = linesWhere(table, condition);
  const distinct =
    count === 0
      ? []
      : await table.db.rows(
          `select ${value}::varchar as v, min(line) as first from ${table.relation} where ${wrong} group by 1 order by first limit ${DISTINCT_SAMPLE}`,
        );
  const isSensitive = table.columns.some((one) => one.name === rule.column && one.column.sensitive);
  return {
    count,
    observed: {
      row_count: seen.rows!,
      invalid_count: count,
      allowed_values: rule.values,
      invalid_values_sample: distinct.map((row) => (isSensitive ? MASK : shownValue(String(row.v)))),
    },
    message: `${counted(count, "cell")} with another value`,
    column: rule.column,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column, expected: ruleSentence(rule) }),
    lines,
  };
};
