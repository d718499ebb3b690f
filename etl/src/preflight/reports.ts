import type { LoadedContract } from "../contract/registry.ts";
import type { FileFacts } from "./file-facts.ts";
import { type Finding, type Verdict, worst } from "./finding.ts";
import { type RuleResult, rulesVerdict } from "./run-rules.ts";
import type { StagedTable } from "./staged-table.ts";
import type { Unification } from "./unify.ts";

/** Every check before the rules, in the order in which they run. Keys of `checks` in the validation report. */
export const CHECK_KEYS = [
  "format",
  "file_size",
  "file_changed",
  "encoding",
  "header",
  "column_limit",
  "delimiter",
  "duplicate_columns",
  "required_columns",
  "extra_columns",
  "line_length",
  "control_characters",
  "quoting",
  "ragged_rows",
  "blank_lines",
  "row_limit",
  "types",
  "nullability",
  "ranges",
  "allowed_values",
  "text_length",
  "duplicates",
] as const;
const STOPPING = new Set(["format", "file_size", "header", "column_limit", "delimiter", "required_columns"]);

const VALIDATION_SUMMARY: Record<Verdict, string> = {
  PASS: "The file keeps its contract.",
  WARN: "The file can be used; some of it breaks the contract and is set aside.",
  FAIL: "The file breaks its contract and must not be loaded.",
  SKIPPED: "The file was not examined.",
  ERROR: "The file could not be examined to the end.",
};

const SEMANTIC_SUMMARY: Record<Verdict, string> = {
  PASS: "Every rule is kept.",
  WARN: "Some rules with severity WARN are broken.",
  FAIL: "Rules with severity FAIL are broken.",
  SKIPPED: "The rules were not asked, because the file could not be read.",
  ERROR: "Some rules could not run, and nothing is known of what they ask.",
};

/** Content of `validation_report.json`. */
export interface ValidationReport {
  status: Verdict;
  contract_id: string | null;
  contract_version: string;
  contract_sha256: string;
  file_name: string;
  file_path: string;
  file_sha256: string | null;
  profile: string;
  checks: Record<string, Verdict>;
  errors: string[];
  warnings: string[];
  summary: string;
  metadata: Record<string, unknown>;
  findings: Finding[];
}

/** Content of `semantic_report.json`. */
export interface SemanticReport {
  status: Verdict;
  summary: string;
  counts: { total: number; passed: number; warned: number; failed: number; skipped: number; errored: number };
  rules: RuleResult[];
  findings: Finding[];
}

/** Content of `manifest.json`. */
export interface Manifest extends Unification {
  source_file_name: string;
  source_file_sha256: string | null;
  contract_version: string;
  profile: string;
  validation_status: Verdict;
  semantic_quality: SemanticReport;
}

/** Findings before the rules, as the validation report tells them. */
export function validationReport(
  loaded: LoadedContract,
  profile: string,
  facts: FileFacts,
  findings: Finding[],
  table: StagedTable | null,
): ValidationReport {
  const { contract } = loaded;
  const stopped = table === null;
  const checks: Record<string, Verdict> = {};
  let passedStop = false;
  for (const key of CHECK_KEYS) {
    const own = findings.filter((finding) => finding.check === key).map((finding) => finding.severity);
    checks[key] = own.length > 0 ? worst(own) : passedStop ? "SKIPPED" : "PASS";
    if (stopped && own.includes("FAIL") && STOPPING.has(key)) passedStop = true;
  }
  const status = findings.length === 0 ? "PASS" : worst(findings.map((finding) => finding.severity));
  const mapping = table?.mapping ?? [];
  const typeFindings = findings.filter((finding) => finding.check === "types");
  return {
    status,
    contract_id: loaded.id,
    contract_version: contract.contract_version,
    contract_sha256: loaded.sha256,
    file_name: facts.name,
    // The name only: a report travels further than the folders of the machine that wrote it should.
    file_path: facts.name,
    file_sha256: facts.sha256,
    profile,
    checks,
    errors: findings.filter((finding) => finding.severity === "FAIL").map((finding) => finding.message),
    warnings: findings.filter((finding) => finding.severity === "WARN").map((finding) => finding.message),
    summary: VALIDATION_SUMMARY[status],
    metadata: {
      format: contract.format,
      encoding: facts.encoding,
      has_bom: facts.hasBom,
      delimiter: facts.delimiter,
      line_end: facts.lineEnd,
      rows: facts.rows,
      unreadable_rows: facts.unreadableRows,
      blank_lines: facts.blankLines,
      file_size_bytes: facts.sizeBytes,
      max_rows: contract.limits.max_rows,
      max_file_size_mb: contract.limits.max_file_size_mb,
      allow_extra_columns: table?.profile.unknown_columns.policy !== "fail",
      strict_types: contract.strict_types,
      mapped_columns: mapping.flatMap((item) => (item.canonical === null ? [] : [item.canonical])).sort(),
      renamed_columns: Object.fromEntries(
        mapping
          .filter((item) => item.canonical !== null && item.canonical !== item.header)
          .map((item) => [item.header, item.canonical]),
      ),
      extra_columns: mapping
        .filter((item) => item.canonical === null)
        .map((item) => item.header)
        .sort(),
      type_mismatches: Object.fromEntries(
        mapping
          .filter((item) => item.canonical !== null)
          .map((item) => [
            item.canonical,
            typeFindings.find((finding) => finding.column === item.canonical)?.count ?? 0,
          ]),
      ),
    },
    findings,
  };
}

/** What the rules said, as the semantic report tells it; `null` when there were no rows to ask. */
export function semanticReport(
  answer: { results: RuleResult[]; findings: Finding[] } | null,
): SemanticReport {
  const rules = answer?.results ?? [];
  const status = answer === null ? "SKIPPED" : rulesVerdict(rules);
  const count = (wanted: Verdict) => rules.filter((rule) => rule.status === wanted).length;
  return {
    status,
    summary: answer !== null && rules.length === 0 ? "The profile has no rules." : SEMANTIC_SUMMARY[status],
    counts: {
      total: rules.length,
      passed: count("PASS"),
      warned: count("WARN"),
      failed: count("FAIL"),
      skipped: count("SKIPPED"),
      errored: count("ERROR"),
    },
    rules,
    findings: answer?.findings ?? [],
  };
}
