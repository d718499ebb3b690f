import { basename } from "node:path";
import { AppError } from "@rossmann/core";
import type { Findings } from "./findings.ts";

/** A file cannot be read as a table at all; nothing of it was loaded. */
export class InputFileError extends AppError {
  constructor(code: InputFileCode, message: string, options?: ErrorOptions) {
    super(code, code === "file_not_found" ? "not_found" : "invalid", message, options);
  }
}

export type InputFileCode =
  | "file_not_found"
  | "file_unreadable"
  | "file_empty"
  | "file_binary"
  | "file_not_utf8"
  | "file_line_ends"
  | "file_line_too_long"
  | "file_changed"
  | "header_unreadable"
  | "column_missing"
  | "column_duplicate";

/** Every row of a file was rejected: loading it would empty the warehouse. */
export class NothingAcceptedError extends AppError {
  constructor(path: string, rows: number, findings: Findings) {
    const worst = findings.counts()[0];
    const first = findings.samples().find((sample) => sample.severity === "error");
    const reason =
      worst === undefined || first === undefined
        ? "it has a header and no rows"
        : `all ${rows} rows were rejected, ${worst.count} for ${worst.code}; the first in line ${first.line}: ${first.message}`;
    super(
      "nothing_accepted",
      "invalid",
      `${basename(path)} was not loaded: ${reason}. The data loaded before is untouched`,
    );
  }
}

/** What was asked for does not fit together. */
export class LoadRequestError extends AppError {
  constructor(message: string) {
    super("load_request_invalid", "invalid", message);
  }
}
