/** One column of a table that can be written as CSV. */
export interface CsvColumn<Row> {
  /** Header cell, `snake_case` with the unit at its end where there is one. */
  header: string;
  /** The plain value: a number is written unrounded with a point, null as an empty cell. */
  value: (row: Row) => string | number | boolean | null | undefined;
}

/**
 * Rows as CSV text (RFC 4180: comma, CRLF, quotes doubled), with a header line and a final line break.
 *
 * A text cell that a spreadsheet would run as a formula (it starts with `=`, `+`, `-`, `@`, tab or carriage return) gets
 * an apostrophe in front. Numbers are left as they are, negative ones too. No rows gives the header line alone.
 *
 * Source: RFC 4180; OWASP "CSV Injection".
 */
export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map((column) => cell(column.header)).join(",")];
  for (const row of rows) lines.push(columns.map((column) => cell(column.value(row))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return value ? "1" : "0";
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
