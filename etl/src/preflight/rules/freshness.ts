import { isoDate, parseIsoDate } from "@rossmann/core";
import { ruleSentence } from "../../contract/rule-sentence.ts";
import { firstSamples, linesWhere } from "../samples.ts";
import { identifier, literal } from "../sql-text.ts";
import type { RuleCheck } from "./rule-check.ts";

const MS_PER_DAY = 86_400_000;

/** `freshness`: the newest date is not older than the limit, counted from the day of the run (UTC). */
export const checkFreshness: RuleCheck<"freshness"> = async (rule, { table, now }) => {
  const today = Math.floor(now / MS_PER_DAY);
  const { newest } = await table.db.row(
    `select max(${identifier(rule.column)}) as newest from ${table.relation}`,
  );
  const age = newest === null || newest === undefined ? null : today - parseIsoDate(String(newest))!;
  const broken = age === null || age > rule.max_age_days;
  return {
    count: broken ? 1 : 0,
    observed: {
      row_count: table.rows,
      newest: newest ?? null,
      age_days: age,
      max_age_days: rule.max_age_days,
      today: isoDate(today),
    },
    message: age === null ? "there is no date at all" : `the newest date is ${newest}, ${age} days old`,
    column: rule.column,
    samples:
      broken && age !== null
        ? (
            await firstSamples(
              table,
              linesWhere(table, `${identifier(rule.column)} = ${literal(String(newest))}::date`),
              { name: rule.column, expected: ruleSentence(rule) },
            )
          ).slice(0, 1)
        : [],
    lines: null,
  };
};
