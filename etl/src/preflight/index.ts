export { preflightAdmission, recordOutcome } from "./admission.ts";
export { type DryRunRequest, dryRunPreflight } from "./dry-run.ts";
export { PreflightError } from "./errors.ts";
export type { FileFacts } from "./file-facts.ts";
export { type Finding, type Level, type Sample, type Verdict, worst } from "./finding.ts";
export { type CombinedReport, htmlReport } from "./html-report.ts";
export * from "./outcome.ts";
export {
  type PreflightChoices,
  type PreflightOptions,
  parsePreflightMode,
  preflightChoicesOf,
  readPreflightFile,
  resolvePreflightOptions,
} from "./preflight-options.ts";
export { CHECK_KEYS, type Manifest, type SemanticReport, type ValidationReport } from "./reports.ts";
export { DEFAULT_PROFILES, newPreflightRunId, type PreflightRequest, runPreflight } from "./run-preflight.ts";
export type { RuleResult } from "./run-rules.ts";
