import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, linesWhere } from "../samples.ts";
import { identifier, literal } from "../sql-text.ts";
import type { RuleCheck } from "./rule-check.ts";

/** `between`: every value lies between the bounds, both included; an empty or unreadable cell breaks it too. */
export const checkBetween: RuleCheck<"between"> = async (rule, { table }) => {
  const value = identifier(rule.column);
  const isDate = table.columns.find((one) => one.name === rule.column)?.column.dtype === "date";
  const bound = (end: number | string) => (isDate ? `${literal(end)}::date` : literal(end));
  const outside = `coalesce(${[
    ...(rule.min_value === undefined ? [] : [`${value} < ${bound(rule.min_value)}`]),
    ...(rule.max_value === undefined ? [] : [`${value} > ${bound(rule.max_value)}`]),
  ].join(" or ")}, false)`;
  const missing = rule.ignore_nulls ? "false" : `${value} is null`;
  const seen = await table.db.row(
    `select count(*) as rows, count_if(${missing}) as missing, count_if(${outside}) as outside,
       min(${value}) as low, max(${value}) as high from ${table.relation}`,
  );
  const count = Number(seen.missing) + Number(seen.outside);
  const lines = linesWhere(table, `${missing} or ${outside}`);
  return {
    count,
    observed: {
      row_count: seen.rows!,
      null_or_invalid_count: seen.missing!,
      out_of_range_count: seen.outside!,
      violation_count: count,
      min_allowed: rule.min_value ?? null,
      max_allowed: rule.max_value ?? null,
      min_observed: seen.low!,
      max_observed: seen.high!,
    },
    message: `${counted(Number(seen.outside), "value")} out of range, ${counted(Number(seen.missing), "cell")} empty or unreadable`,
    column: rule.column,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column, expected: ruleSentence(rule) }),
    lines,
  };
};
