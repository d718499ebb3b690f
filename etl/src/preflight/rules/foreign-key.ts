import { ruleSentence } from "../../contract/rule-sentence.ts";
import { counted } from "../finding.ts";
import { firstSamples, identifiers } from "../samples.ts";
import { identifier } from "../sql-text.ts";
import type { RuleCheck } from "./rule-check.ts";

/** `foreign_key`: every key is found in the other file. Rows with an empty key are passed over. */
export const checkForeignKey: RuleCheck<"foreign_key"> = async (rule, { table, related }) => {
  const { profile, columns } = rule.references;
  const other = await related(profile);
  const nothing = { count: 0, observed: {}, column: rule.columns[0]!, samples: [], lines: null };
  if (other === null)
    return {
      ...nothing,
      message: `the ${profile} file was not delivered`,
      skipped: `the ${profile} file was not delivered`,
    };
  const present = new Set(other.columns.filter((one) => one.header !== null).map((one) => one.name));
  const absent = columns.filter((name) => !present.has(name));
  if (absent.length > 0)
    return {
      ...nothing,
      message: `the ${profile} file has no ${absent.join(", ")}`,
      skipped: `the ${profile} file has no ${absent.join(", ")}`,
    };
  const same = rule.columns
    .map((name, index) => `t.${identifier(name)} = o.${identifier(columns[index]!)}`)
    .join(" and ");
  const filled = rule.columns.map((name) => `${identifier(name)} is not null`).join(" and ");
  const lines = `select t.line from (select line, ${identifiers(rule.columns)} from ${table.relation} where ${filled}) t
    anti join (select distinct ${identifiers(columns)} from ${other.relation}) o on ${same}`;
  const { n } = await table.db.row(`select count(*) as n from (${lines})`);
  const count = Number(n);
  return {
    count,
    observed: { row_count: table.rows, referenced_row_count: other.rows, violation_count: count },
    message: `${counted(count, "row")} whose ${rule.columns.join(", ")} the ${profile} file does not have`,
    column: rule.columns[0]!,
    samples:
      count === 0
        ? []
        : await firstSamples(table, lines, { name: rule.columns[0]!, expected: ruleSentence(rule) }),
    lines,
  };
};
