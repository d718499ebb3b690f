import type { ContractFile, Profile, Severity } from "../../contract/contract-schema.ts";
import { counted, type Finding, SAMPLE_LIMIT, shownValue } from "../finding.ts";
import type { RowFault } from "../record-scanner.ts";

/**
 * Rows that cannot be taken apart into cells (`ragged_rows`, `quoting`, `control_characters`, `encoding`,
 * `line_length`), counted exactly per kind while the file streams by, with the first places.
 */
export class RowFaultTally {
  readonly #findings = new Map<RowFault["code"], Finding>();
  readonly #severity: Severity;
  readonly #columnName: (cell: number) => string;
  count = 0;

  constructor(profile: Profile, columnName: (cell: number) => string) {
    this.#severity = profile.ragged_rows;
    this.#columnName = columnName;
  }

  add(fault: RowFault): void {
    this.count++;
    let finding = this.#findings.get(fault.code);
    if (finding === undefined) {
      finding = {
        check: fault.code,
        level: "row",
        severity: fault.code === "ragged_rows" ? this.#severity : "FAIL",
        column: null,
        count: 0,
        message: "",
        expected: EXPECTED[fault.code],
        samples: [],
        quarantined: true,
      };
      this.#findings.set(fault.code, finding);
    }
    finding.count++;
    if (finding.samples.length < SAMPLE_LIMIT)
      finding.samples.push({
        line: fault.line,
        column: this.#columnName(fault.cell),
        key: {},
        value: shownValue(fault.row),
        expected: `${finding.expected}: ${fault.detail}`,
      });
  }

  findings(): Finding[] {
    return [...this.#findings.values()].map((finding) => ({
      ...finding,
      message: `${counted(finding.count, "row")} cannot be read: ${finding.samples[0]!.expected.split(": ").slice(1).join(": ")} (first on line ${finding.samples[0]!.line})`,
    }));
  }
}

const EXPECTED: Record<RowFault["code"], string> = {
  ragged_rows: "as many cells as the header has",
  quoting: "quotes as in RFC 4180",
  control_characters: "text without control characters",
  encoding: "UTF-8 text",
  line_length: "a line within the limit",
};

/** `blank_lines`: empty lines between rows. Nothing is lost by them, but an export does not write them. */
export function checkBlankLines(count: number, first: number[]): Finding[] {
  if (count === 0) return [];
  const expected = "no empty lines between rows";
  return [
    {
      check: "blank_lines",
      level: "row",
      severity: "WARN",
      column: null,
      count,
      message: `${counted(count, "empty line")} between the rows (first on line ${first[0]}); they are skipped`,
      expected,
      samples: first.map((line) => ({ line, column: null, key: {}, value: "", expected })),
      quarantined: false,
    },
  ];
}

/** `row_limit`: at least one row, and not more than the contract allows. */
export function checkRowLimit(rows: number, headerLine: number, contract: ContractFile): Finding[] {
  const limit = contract.limits.max_rows;
  const expected = `1 to ${limit.toLocaleString("en-US")} rows`;
  const finding = (message: string, line: number): Finding => ({
    check: "row_limit",
    level: "row",
    severity: "FAIL",
    column: null,
    count: 1,
    message,
    expected,
    samples: [{ line, column: null, key: {}, value: String(rows), expected }],
    quarantined: false,
  });
  if (rows === 0) return [finding("the file is empty behind its header; export it again", headerLine)];
  if (rows > limit)
    return [
      finding(
        `the file has ${rows.toLocaleString("en-US")} rows, the contract allows ${limit.toLocaleString("en-US")}; split it by period`,
        headerLine,
      ),
    ];
  return [];
}
