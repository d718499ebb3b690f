import { z } from "zod";
import { findingSchema } from "./schemas/preflight-artifacts.ts";

/**
 * Reports as they are read back. They may come from another version of the program or from somebody's editor: a part of the
 * wrong type becomes empty instead of hiding the rest.
 */

const text = z.string().nullable().catch(null);
const words = z.array(z.string()).catch([]);
const record = z.record(z.string(), z.unknown()).catch({});
const count = z.int().nullable().catch(null);
const status = (fallback: string) =>
  z
    .string()
    .min(1)
    .catch(fallback)
    .transform((word) => word.toUpperCase());
const findings = z.array(findingSchema).catch([]);

export const validationReport = z.object({
  status: status("ERROR"),
  contract_id: text,
  contract_version: text,
  profile: text,
  file_name: text,
  file_sha256: text,
  checks: z
    .record(
      z.string(),
      z.string().transform((word) => word.toUpperCase()),
    )
    .catch({}),
  errors: words,
  warnings: words,
  summary: text,
  metadata: record,
  findings,
});

const rule = z.object({
  rule_id: z.string().catch("unknown_rule"),
  rule_type: z.string().catch("unknown"),
  severity: status("FAIL"),
  status: status("ERROR"),
  message: z.string().catch(""),
  target: words,
  observed: record,
  expectation: text,
  failed_count: z.int().catch(0),
});

export const semanticReport = z
  .object({
    status: z.string().catch(""),
    summary: z.string().catch(""),
    counts: record,
    rules: z.array(rule).catch([]),
    findings,
  })
  .transform((report) => {
    const of = (name: string, status: string) => {
      const told = report.counts[name];
      return typeof told === "number" && Number.isInteger(told)
        ? told
        : report.rules.filter((one) => one.status === status).length;
    };
    const counts = {
      total: typeof report.counts.total === "number" ? report.counts.total : report.rules.length,
      passed: of("passed", "PASS"),
      warned: of("warned", "WARN"),
      failed: of("failed", "FAIL"),
      skipped: of("skipped", "SKIPPED"),
      errored: of("errored", "ERROR"),
    };
    return {
      ...report,
      counts,
      status: (report.status || statusOf(counts)).toUpperCase(),
      summary: report.summary || "The report holds no summary.",
    };
  });

export const manifestReport = z.object({
  contract_version: text,
  profile: text,
  validation_status: status("ERROR"),
  renamed_columns: z.record(z.string(), z.string()).catch({}),
  extra_columns_dropped: words,
  coercion_stats: record,
  final_canonical_columns: words,
  retained_extra_columns: words,
  absent_columns: words,
  output_row_count: count,
  output_column_count: count,
  rejected_row_count: count,
  semantic_quality: z.record(z.string(), z.unknown()).nullable().catch(null),
});

/** A rule that could not run never makes a PASS. */
function statusOf(counts: { failed: number; errored: number; warned: number }): string {
  if (counts.failed > 0) return "FAIL";
  if (counts.errored > 0) return "ERROR";
  return counts.warned > 0 ? "WARN" : "PASS";
}
