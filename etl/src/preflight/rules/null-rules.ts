import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, linesWhere } from "../samples.ts";
import { identifier } from "../sql-text.ts";
import type { StagedTable } from "../staged-table.ts";
import type { RuleCheck } from "./rule-check.ts";

async function countNulls(table: StagedTable, column: string): Promise<{ rows: number; nulls: number }> {
  const seen = await table.db.row(
    `select count(*) as rows, count(*) - count(${identifier(column)}) as nulls from ${table.relation}`,
  );
  return { rows: Number(seen.rows), nulls: Number(seen.nulls) };
}

/** `max_null_ratio`: the share of empty cells is not above the value; of no rows at all, everything is empty. */
export const checkMaxNullRatio: RuleCheck<"max_null_ratio"> = async (rule, { table }) => {
  const { rows, nulls } = await countNulls(table, rule.column);
  const ratio = rows === 0 ? 1 : nulls / rows;
  const broken = ratio > rule.value;
  return {
    count: broken ? Math.max(nulls, 1) : 0,
    observed: { row_count: rows, null_count: nulls, null_ratio: ratio, max_null_ratio: rule.value },
    message: `${counted(nulls, "cell")} of ${rows.toLocaleString("en-US")} empty (${(ratio * 100).toFixed(2)} %)`,
    column: rule.column,
    samples: broken
      ? await firstSamples(table, linesWhere(table, `${identifier(rule.column)} is null`), {
          name: rule.column,
          expected: ruleSentence(rule),
        })
      : [],
    // It is the share that is wrong, not any single row.
    lines: null,
  };
};

/** `not_null`: no cell is empty or unreadable. */
export const checkNotNull: RuleCheck<"not_null"> = async (rule, { table }) => {
  const { rows, nulls } = await countNulls(table, rule.column);
  const lines = linesWhere(table, `${identifier(rule.column)} is null`);
  return {
    count: nulls,
    observed: { row_count: rows, null_count: nulls },
    message: `${counted(nulls, "cell")} empty or unreadable`,
    column: rule.column,
    samples:
      nulls === 0
        ? []
        : await firstSamples(table, lines, { name: rule.column, expected: ruleSentence(rule) }),
    lines,
  };
};
