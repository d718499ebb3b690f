import { counted } from "../finding.ts";
import type { RuleCheck } from "./rule-check.ts";

/** `row_count_between`: the number of readable rows lies between the bounds, both included. */
export const checkRowCountBetween: RuleCheck<"row_count_between"> = async (rule, { table }) => {
  const low = rule.min_value === undefined ? null : Math.trunc(rule.min_value);
  const high = rule.max_value === undefined ? null : Math.trunc(rule.max_value);
  const broken = (low !== null && table.rows < low) || (high !== null && table.rows > high);
  return {
    count: broken ? 1 : 0,
    observed: { row_count: table.rows, min_allowed: low, max_allowed: high },
    message: `the file has ${counted(table.rows, "readable row")}`,
    column: null,
    samples: [],
    lines: null,
  };
};
