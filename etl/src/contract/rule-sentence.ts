import type { Rule } from "./contract-schema.ts";

/** What a rule demands, in one sentence without a full stop: `sales is 0 or more`. */
export function ruleSentence(rule: Rule): string {
  switch (rule.type) {
    case "between":
      return `${rule.column} is ${rangeWords(rule.min_value, rule.max_value)}${nullWords(rule.ignore_nulls)}`;
    case "accepted_values":
      return `${rule.column} is ${rule.values.length === 1 ? rule.values[0] : `one of ${rule.values.join(", ")}`}${nullWords(rule.ignore_nulls)}`;
    case "max_null_ratio":
      return `at most ${percent(rule.value)} of ${rule.column} is empty`;
    case "not_null":
      return `${rule.column} is never empty`;
    case "pattern":
      return `${rule.column} matches ${rule.pattern}`;
    case "monotone":
      return `${rule.column} ${rule.direction === "increasing" ? "rises" : "falls"} ${rule.strict ? "" : "or stays "}from row to row${rule.group_by.length > 0 ? ` within each ${rule.group_by.join(", ")}` : ""}`;
    case "freshness":
      return `the newest ${rule.column} is at most ${rule.max_age_days} ${rule.max_age_days === 1 ? "day" : "days"} old`;
    case "composite_unique":
      return `${rule.columns.join(", ")} ${rule.columns.length === 1 ? "is" : "together are"} unique`;
    case "row_count_between":
      return rule.max_value === undefined
        ? `the file has at least ${rule.min_value} ${rule.min_value === 1 ? "row" : "rows"}`
        : `the file has ${rangeWords(rule.min_value, rule.max_value)} rows`;
    case "foreign_key":
      return `${rule.columns.join(", ")} is found in the ${rule.references.profile} file (${rule.references.columns.join(", ")})`;
    case "sql":
      return rule.description ?? "the statement gives no row";
  }
}

/** `0 or more`, `at most 7`, `between 1 and 7`. */
function rangeWords(low: number | string | undefined, high: number | string | undefined): string {
  if (high === undefined) return `${low} or more`;
  if (low === undefined) return `at most ${high}`;
  return `between ${low} and ${high}`;
}

const nullWords = (ignoreNulls: boolean) => (ignoreNulls ? " or empty" : "");

const percent = (ratio: number) => `${Number((ratio * 100).toFixed(4))} %`;
