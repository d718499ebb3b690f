import type { PreflightFinding } from "../../lib/api-types.ts";

const CHECKS: Record<string, string> = {
  format: "Not a file of this kind",
  file_size: "File too large",
  file_changed: "File changed while it was read",
  encoding: "Unreadable characters",
  header: "Header",
  column_limit: "Too many columns",
  delimiter: "Separator of cells",
  duplicate_columns: "Column given twice",
  required_columns: "Column missing",
  extra_columns: "Columns nobody asked for",
  line_length: "Lines too long",
  control_characters: "Control characters",
  quoting: "Broken quotes",
  ragged_rows: "Rows with too many or too few cells",
  blank_lines: "Blank lines",
  row_limit: "Too many rows",
  types: "Cells of another type",
  nullability: "Empty cells",
  ranges: "Values out of range",
  allowed_values: "Values not in the list",
  text_length: "Texts too long",
  duplicates: "Rows given twice",
};

/** What a check looks for, as a heading; a rule keeps the name that its contract gives it. */
export const checkName = (check: string): string => CHECKS[check] ?? check;

/** Whether it is a rule of the contract and not one of the built-in checks. */
export const isRule = (check: string): boolean => !(check in CHECKS);

/** Which findings are shown. */
export interface FindingFilter {
  check: string | null;
  column: string | null;
  line: number | null;
}

/** The findings that a filter lets through. A line counts when it is among the first places of a finding. */
export function filterFindings(
  findings: readonly PreflightFinding[],
  { check, column, line }: FindingFilter,
): PreflightFinding[] {
  return findings.filter(
    (finding) =>
      (check === null || finding.check === check) &&
      (column === null || finding.column === column) &&
      (line === null || finding.samples.some((sample) => sample.line === line)),
  );
}

export interface FindingGroup {
  severity: "FAIL" | "WARN";
  /** column of the contract or of the file; null = the file as a whole */
  column: string | null;
  findings: PreflightFinding[];
}

/** Findings by severity, what refuses the file first, and within it by column: the whole file, then in the order of appearance. */
export function groupFindings(findings: readonly PreflightFinding[]): FindingGroup[] {
  const groups: FindingGroup[] = [];
  for (const severity of ["FAIL", "WARN"] as const) {
    const own = findings.filter((finding) => finding.severity === severity);
    const columns = [...new Set(own.map((finding) => finding.column))].sort(
      (a, b) => Number(a !== null) - Number(b !== null),
    );
    for (const column of columns)
      groups.push({ severity, column, findings: own.filter((finding) => finding.column === column) });
  }
  return groups;
}

/** Distinct values in the order of appearance, for a choice. */
export const checksOf = (findings: readonly PreflightFinding[]): string[] => [
  ...new Set(findings.map((finding) => finding.check)),
];
export const columnsOf = (findings: readonly PreflightFinding[]): string[] => [
  ...new Set(findings.flatMap((finding) => (finding.column === null ? [] : [finding.column]))),
];
