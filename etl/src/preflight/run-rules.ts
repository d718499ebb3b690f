import { messageOf } from "@rossmann/core";
import { type Rule, type RuleType, rulesOf } from "../contract/contract-schema.ts";
import { columnsOf } from "../contract/read-contract.ts";
import { ruleSentence } from "../contract/rule-sentence.ts";
import { type Finding, SAMPLE_LIMIT, type Verdict, worst } from "./finding.ts";
import type { Rejections } from "./rejections.ts";
import { checkAcceptedValues } from "./rules/accepted-values.ts";
import { checkBetween } from "./rules/between.ts";
import { checkCompositeUnique } from "./rules/composite-unique.ts";
import { checkForeignKey } from "./rules/foreign-key.ts";
import { checkFreshness } from "./rules/freshness.ts";
import { checkMonotone } from "./rules/monotone.ts";
import { checkMaxNullRatio, checkNotNull } from "./rules/null-rules.ts";
import { checkPattern } from "./rules/pattern.ts";
import { checkRowCountBetween } from "./rules/row-count-between.ts";
import type { Observed, RuleAnswer, RuleCheck, RuleContext } from "./rules/rule-check.ts";
import { checkSql } from "./rules/sql-rule.ts";
import type { StagedTable } from "./staged-table.ts";

const CHECKS: { [T in RuleType]: RuleCheck<T> } = {
  between: checkBetween,
  accepted_values: checkAcceptedValues,
  max_null_ratio: checkMaxNullRatio,
  not_null: checkNotNull,
  pattern: checkPattern,
  monotone: checkMonotone,
  freshness: checkFreshness,
  composite_unique: checkCompositeUnique,
  row_count_between: checkRowCountBetween,
  foreign_key: checkForeignKey,
  sql: checkSql,
};

/** What one rule of the contract says of the file. */
export interface RuleResult {
  rule_id: string;
  rule_type: RuleType;
  /** the columns it speaks of; none for rules about the whole table */
  target: string[];
  severity: "WARN" | "FAIL";
  status: Verdict;
  /** broken places, exact */
  failed_count: number;
  /** what it demands */
  expectation: string;
  observed: Observed;
  message: string;
}

/**
 * Ask every rule of the profile. A rule that cannot run is ERROR and never passes; a rule whose other file was not
 * delivered is SKIPPED.
 */
export async function runRules(
  context: RuleContext,
  rejections: Rejections,
): Promise<{ results: RuleResult[]; findings: Finding[] }> {
  const { table } = context;
  const present = new Set(table.columns.filter((one) => one.header !== null).map((one) => one.name));
  const results: RuleResult[] = [];
  const findings: Finding[] = [];
  for (const rule of rulesOf(table.profile)) {
    const missing = rule.type === "sql" ? [] : columnsOf(rule).filter((name) => !present.has(name));
    let answer: RuleAnswer;
    try {
      answer =
        missing.length === 0
          ? await ask(rule, context)
          : columnAbsent(
              rule,
              missing,
              passesOverEmpty(rule) && missing.every((name) => isOptional(table, name)),
            );
    } catch (error) {
      results.push(
        resultOf(rule, "ERROR", 0, {}, `the rule could not run: ${messageOf(error).split("\n")[0]}`),
      );
      continue;
    }
    if (answer.skipped !== undefined) {
      results.push(resultOf(rule, "SKIPPED", 0, answer.observed, answer.skipped));
      continue;
    }
    const status: Verdict = answer.count === 0 ? "PASS" : rule.severity;
    results.push(resultOf(rule, status, answer.count, answer.observed, answer.message));
    if (answer.count === 0) continue;
    const quarantined = rule.quarantine && answer.lines !== null;
    findings.push({
      check: rule.id,
      level: "semantic",
      severity: rule.severity,
      column: answer.column,
      count: answer.count,
      message: `${ruleSentence(rule)}: ${answer.message}`,
      expected: ruleSentence(rule),
      samples: answer.samples.slice(0, SAMPLE_LIMIT),
      quarantined,
    });
    if (quarantined) await rejections.add(answer.lines!, rule.id, ruleSentence(rule));
  }
  return { results, findings };
}

function ask(rule: Rule, context: RuleContext): Promise<RuleAnswer> {
  // The table above pairs each type with its own check; the compiler cannot follow the pairing through an index.
  const check = CHECKS[rule.type] as RuleCheck<RuleType>;
  return check(rule as never, context);
}

/** Whether the rule judges filled cells only, so that a column that is not there leaves it nothing to judge. */
function passesOverEmpty(rule: Rule): boolean {
  switch (rule.type) {
    case "pattern":
    case "monotone":
    case "foreign_key":
      return true;
    case "between":
    case "accepted_values":
      return rule.ignore_nulls;
    default:
      return false;
  }
}

function isOptional(table: StagedTable, name: string): boolean {
  return table.columns.some((one) => one.name === name && !one.column.required);
}

function columnAbsent(rule: Rule, missing: string[], mayBeAbsent: boolean): RuleAnswer {
  const message = `the file has no ${missing.join(", ")}`;
  return {
    count: 1,
    observed: "columns" in rule ? { missing_columns: missing } : { missing_column: true },
    message,
    column: missing[0]!,
    samples: [],
    lines: null,
    ...(mayBeAbsent ? { skipped: message } : {}),
  };
}

function resultOf(
  rule: Rule,
  status: Verdict,
  count: number,
  observed: Observed,
  message: string,
): RuleResult {
  return {
    rule_id: rule.id,
    rule_type: rule.type,
    target: rule.type === "sql" ? [] : columnsOf(rule),
    severity: rule.severity,
    status,
    failed_count: count,
    expectation: ruleSentence(rule),
    observed,
    message,
  };
}

/** Verdict of all rules together: PASS when there are none. */
export function rulesVerdict(results: RuleResult[]): Verdict {
  const found = worst(results.map((result) => result.status));
  return found === "SKIPPED" ? "PASS" : found;
}
