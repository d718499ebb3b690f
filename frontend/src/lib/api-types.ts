/** The API's answers, as the counter itself describes them. Types only: no code of the server reaches the browser. */
import type { ChainSalesPoint, StoreSalesPoint } from "@rossmann/backend";

export type * from "@rossmann/backend";

/** A day or a month of one store, or of the chain; for the chain, marks are numbers of stores. */
export type SalesPoint = StoreSalesPoint | ChainSalesPoint;

/** One broken place of a file. */
export interface PreflightSample {
  line: number | null;
  column: string | null;
  key: Record<string, string | null>;
  value: string | null;
  expected: string;
}
export interface PreflightFinding {
  check: string;
  level: string;
  severity: string;
  column: string | null;
  count: number;
  message: string;
  expected: string;
  samples: PreflightSample[];
  quarantined: boolean;
}
export interface PreflightValidation {
  run_id: string;
  source_name: string;
  status: string;
  contract_version: string | null;
  profile: string | null;
  checks: Record<string, string>;
  errors: string[];
  warnings: string[];
  summary: string | null;
  metadata: Record<string, unknown>;
  findings: PreflightFinding[];
}
export interface PreflightRuleResult {
  rule_id: string;
  rule_type: string;
  severity: string;
  status: string;
  message: string;
  target: string[];
  observed: Record<string, unknown>;
  failed_count: number;
  expectation: string | null;
}
export interface PreflightSemantic {
  run_id: string;
  source_name: string;
  status: string;
  summary: string;
  counts: { total: number; passed: number; warned: number; failed: number };
  rules: PreflightRuleResult[];
  findings: PreflightFinding[];
}
export interface PreflightManifest {
  run_id: string;
  source_name: string;
  renamed_columns: Record<string, string>;
  extra_columns_dropped: string[];
  retained_extra_columns: string[];
  final_canonical_columns: string[];
  absent_columns: string[];
  coercion_stats: Record<string, unknown>;
  output_row_count: number | null;
  output_column_count: number | null;
  rejected_row_count: number | null;
}
export interface PreflightArtifacts {
  run_id: string;
  source_name: string;
  artifacts: {
    artifact_type: string;
    available: boolean;
    file_name: string | null;
    size_bytes: number | null;
    content_type: string;
    download_url: string | null;
  }[];
}
