import { Badge } from "../../../components/badge.tsx";
import type { ContractRule } from "../../../lib/api-types.ts";
import { sentenceCase } from "../words.ts";
import classes from "./contract-document.module.css";

/** What a broken rule leads to. */
export function ruleEffect(rule: Pick<ContractRule, "severity" | "quarantine" | "type">): string {
  if (rule.severity === "FAIL") return "Refuses the file";
  return rule.quarantine && !ABOUT_THE_WHOLE.has(rule.type) ? "Sets rows aside" : "Is told only";
}

/** Rules that no single row breaks. */
const ABOUT_THE_WHOLE = new Set(["max_null_ratio", "row_count_between", "freshness"]);

/** The rules of one file as sentences, those that refuse the file first. */
export function RuleList({ rules }: { rules: readonly ContractRule[] }) {
  if (rules.length === 0) return <p className={classes.none}>No rules beyond the columns above.</p>;
  const sorted = [...rules].sort((a, b) => Number(a.severity !== "FAIL") - Number(b.severity !== "FAIL"));
  return (
    <ul className={classes.rules}>
      {sorted.map((rule) => (
        <li key={rule.id}>
          <span>
            <Badge tone={rule.severity === "FAIL" ? "bad" : "warn"}>{ruleEffect(rule)}</Badge>
          </span>
          <span>
            {sentenceCase(rule.description ?? rule.sentence)}
            {rule.description && rule.description !== rule.sentence && (
              <span className={classes.quiet}> – {rule.sentence}</span>
            )}
          </span>
          <code>{rule.id}</code>
        </li>
      ))}
    </ul>
  );
}
