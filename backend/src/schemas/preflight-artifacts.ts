import { preflightSources } from "@rossmann/etl";
import { z } from "zod";
import { registryName } from "./contracts.ts";
import { runSourceParamsSchema, sourceName } from "./preflight-runs.ts";
import { instant, oneOf, wholeNumber } from "./values.ts";

/** In the order in which they are listed. */
export const artifactTypes = [
  "validation",
  "semantic",
  "manifest",
  "preflight",
  "unified_csv",
  "rejected_rows",
  "html",
] as const;

export const CONTENT_TYPES: Record<(typeof artifactTypes)[number], string> = {
  validation: "application/json",
  semantic: "application/json",
  manifest: "application/json",
  preflight: "application/json",
  unified_csv: "text/csv; charset=utf-8",
  rejected_rows: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
};

export const downloadParamsSchema = runSourceParamsSchema.extend({ artifact_type: oneOf(artifactTypes) });
export const linkParamsSchema = z.object({ artifact_type: oneOf(artifactTypes) });
export const linkQuerySchema = z.object({
  run_id: registryName(),
  source_name: sourceName(),
  expires: wholeNumber(0, Number.MAX_SAFE_INTEGER).describe("Seconds since 1970"),
  signature: z.string().max(100),
});

const place = { run_id: z.string(), source_name: z.enum(preflightSources) };
/** A status of a report; what somebody else wrote into it is told as it is. */
const status = z.string().describe("PASS, WARN, FAIL, SKIPPED or ERROR");
const words = z.array(z.string());

export const artifactsSchema = z
  .object({
    ...place,
    artifact_dir: z.string().nullable().describe("As seen from the folder of all reports"),
    artifacts: z.array(
      z.object({
        artifact_type: z.enum(artifactTypes),
        available: z.boolean(),
        file_name: z.string().nullable(),
        path: z.string().nullable().describe("As seen from the folder of all reports"),
        size_bytes: z.int().nullable(),
        content_type: z.string(),
        download_url: z
          .string()
          .nullable()
          .describe("Signed and short-lived: a browser follows it without a key. Null when not available"),
        download_expires_at: instant().nullable(),
      }),
    ),
  })
  .meta({ id: "PreflightArtifacts" });

const sampleSchema = z.object({
  line: z.int().nullable().describe("Line in the file, the first line being 1"),
  column: z.string().nullable().describe("Header as the file writes it"),
  key: z.record(z.string(), z.string().nullable()).describe("Business key of the row"),
  value: z.string().nullable().describe("What the file holds there; null for an empty cell"),
  expected: z.string(),
});

export const findingSchema = z
  .object({
    check: z.string().describe("Name of the check, or id of the rule"),
    level: z.string().describe("file, header, row, cell or semantic"),
    severity: z.string(),
    column: z.string().nullable(),
    count: z.int().describe("Broken places, exact"),
    message: z.string(),
    expected: z.string(),
    samples: z.array(sampleSchema).describe("The first places"),
    quarantined: z.boolean().describe("The rows are kept out of the unified table"),
  })
  .meta({ id: "PreflightFinding" });

const reportPlace = { ...place, artifact_path: z.string().describe("The report that was read") };

export const validationSchema = z
  .object({
    ...reportPlace,
    status,
    contract_id: z.string().nullable(),
    contract_version: z.string().nullable(),
    profile: z.string().nullable(),
    file_name: z.string().nullable(),
    file_sha256: z.string().nullable(),
    checks: z.record(z.string(), status),
    errors: words,
    warnings: words,
    summary: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    findings: z.array(findingSchema),
  })
  .meta({ id: "PreflightValidation" });

export const semanticRuleSchema = z
  .object({
    rule_id: z.string(),
    rule_type: z.string(),
    severity: z.string(),
    status,
    message: z.string(),
    target: words.describe("Columns it speaks of"),
    observed: z.record(z.string(), z.unknown()),
    expectation: z.string().nullable(),
    failed_count: z.int().describe("Broken places, exact"),
  })
  .meta({ id: "PreflightSemanticRule" });

export const semanticSchema = z
  .object({
    ...reportPlace,
    status,
    summary: z.string(),
    counts: z.object({
      total: z.int(),
      passed: z.int(),
      warned: z.int(),
      failed: z.int(),
      skipped: z.int(),
      errored: z.int(),
    }),
    rules: z.array(semanticRuleSchema),
    findings: z.array(findingSchema),
  })
  .meta({ id: "PreflightSemantic" });

export const manifestSchema = z
  .object({
    ...reportPlace,
    contract_version: z.string().nullable(),
    profile: z.string().nullable(),
    validation_status: status,
    renamed_columns: z.record(z.string(), z.string()).describe("Header of the file to canonical name"),
    extra_columns_dropped: words,
    coercion_stats: z.record(z.string(), z.unknown()),
    final_canonical_columns: words,
    retained_extra_columns: words,
    absent_columns: words,
    output_row_count: z.int().nullable(),
    output_column_count: z.int().nullable(),
    rejected_row_count: z.int().nullable(),
    semantic_quality: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: "PreflightManifest" });

export type PreflightArtifacts = z.output<typeof artifactsSchema>;
export type PreflightFinding = z.output<typeof findingSchema>;
export type PreflightValidation = z.output<typeof validationSchema>;
export type PreflightSemantic = z.output<typeof semanticSchema>;
export type PreflightManifest = z.output<typeof manifestSchema>;
