import type { FileFacts } from "./file-facts.ts";
import type { Finding, Verdict } from "./finding.ts";
import type { SemanticReport, ValidationReport } from "./reports.ts";
import type { RuleResult } from "./run-rules.ts";
import type { Unification } from "./unify.ts";

export const preflightModes = ["off", "report_only", "enforce"] as const;
/**
 * - `off`          nothing is examined, the file is loaded as it is
 * - `report_only`  examined and reported, the file is loaded as it is whatever was found
 * - `enforce`      a FAIL (or a rule that could not run) loads nothing; otherwise the unified rows are loaded
 */
export type PreflightMode = (typeof preflightModes)[number];

/** Which file of a delivery. */
export const preflightSources = ["train", "store", "future"] as const;
export type PreflightSource = (typeof preflightSources)[number];

export type ArtifactType =
  | "validation"
  | "semantic"
  | "manifest"
  | "preflight"
  | "unified_csv"
  | "rejected_rows"
  | "html";

/** File name of each artifact in `<artifact root>/<run id>/<source>/`. */
export const ARTIFACT_FILES: Record<ArtifactType, string> = {
  validation: "validation_report.json",
  semantic: "semantic_report.json",
  manifest: "manifest.json",
  preflight: "preflight_report.json",
  unified_csv: "unified.csv",
  rejected_rows: "rejected_rows.csv",
  html: "preflight_report.html",
};

export type BlockReason = "validation_fail" | "semantic_fail" | "semantic_error";

/** Everything one run found out about one file, as a value: nothing was written to any database. */
export interface PreflightOutcome {
  runId: string;
  source: PreflightSource;
  mode: PreflightMode;
  /** UTC, ISO 8601 */
  createdAt: string;
  contractId: string | null;
  contractVersion: string | null;
  contractSha256: string | null;
  profile: string | null;
  validationStatus: Verdict;
  semanticStatus: Verdict;
  finalStatus: Verdict;
  blocked: boolean;
  blockReason: BlockReason | null;
  /** the file that was examined */
  inputPath: string;
  /** the file that a load has to read now */
  loadPath: string;
  usedUnified: boolean;
  /** `null` in mode off */
  artifactDir: string | null;
  /** absolute paths of the artifacts that exist */
  artifacts: Partial<Record<ArtifactType, string>>;
  file: FileFacts | null;
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  /** all findings in order: file, header, row, cell, rules */
  findings: Finding[];
  rules: RuleResult[];
  validation: ValidationReport | null;
  semantic: SemanticReport | null;
  unification: Unification | null;
  elapsedMs: number;
}

/** The part of an outcome that a registry of runs keeps as `summary_json`. */
export function outcomeSummary(outcome: PreflightOutcome): Record<string, unknown> {
  const level = (severity: "WARN" | "FAIL") =>
    outcome.validation === null
      ? 0
      : outcome.validation.findings.filter((finding) => finding.severity === severity).length;
  return {
    mode: outcome.mode,
    validation: {
      status: outcome.validationStatus,
      errors_count: level("FAIL"),
      warnings_count: level("WARN"),
    },
    semantic: {
      status: outcome.semanticStatus,
      counts: outcome.semantic?.counts ?? {
        total: 0,
        passed: 0,
        warned: 0,
        failed: 0,
        skipped: 0,
        errored: 0,
      },
    },
    profile: outcome.profile,
    file: {
      name: outcome.file?.name ?? null,
      size_bytes: outcome.file?.sizeBytes ?? null,
      sha256: outcome.file?.sha256 ?? null,
    },
    rows: { read: outcome.rowsRead, accepted: outcome.rowsAccepted, rejected: outcome.rowsRejected },
    artifacts: Object.keys(outcome.artifacts),
    elapsed_ms: outcome.elapsedMs,
  };
}

/** One row per rule, as a registry of rule outcomes keeps them. */
export function ruleOutcomes(outcome: PreflightOutcome) {
  return outcome.rules.map((rule) => ({
    rule_id: rule.rule_id,
    rule_type: rule.rule_type,
    severity: rule.severity,
    status: rule.status,
    failed_count: rule.failed_count,
    message: rule.message,
  }));
}
