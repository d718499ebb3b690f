import { InputFileError } from "./errors.ts";
import { quote } from "./findings.ts";
import type { ColumnSpec, SourceSpec } from "./source-specs.ts";

/** How the lines of a file are cut, and where each known column stands. */
export interface Header {
  delimiter: Delimiter;
  /** cells that every line must have */
  width: number;
  /** position of each known column, counted from 0; absent columns are not in it */
  positions: ReadonlyMap<string, number>;
  /** optional columns that the file does not have */
  absent: ColumnSpec[];
  /** headers that mean nothing to us */
  unknown: string[];
}

export type Delimiter = "," | ";" | "\t";

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

/**
 * Understand a header line. The delimiter is the one that brings out the most known names. Names are compared without regard to
 * case, underscores and blanks: `Store`, `store_id`; `StateHoliday`, `state_holiday`.
 *
 * @throws {InputFileError} when a required column is missing, a column stands twice, or the line cannot be cut
 */
export function readHeader(line: string, fileName: string, spec: SourceSpec): Header {
  const readings = DELIMITERS.map((delimiter) => ({ delimiter, names: cut(line, delimiter) }));
  const known = (names: string[]) => names.filter((name) => columnOf(name, spec) !== null).length;
  const best = readings.reduce((a, b) => (known(b.names) > known(a.names) ? b : a));

  const required = spec.columns.filter((column) => column.required);
  if (known(best.names) === 0 && best.names.length <= 1) {
    throw new InputFileError(
      "header_unreadable",
      `${fileName} line 1 is ${JSON.stringify(quote(line))}: expected a header with ${list(required)}, separated by comma, semicolon or tab`,
    );
  }
  const positions = new Map<string, number>();
  const unknown: string[] = [];
  for (const [position, name] of best.names.entries()) {
    const column = columnOf(name, spec);
    if (column === "ignored") continue;
    if (column === null) {
      unknown.push(name);
      continue;
    }
    if (positions.has(column.name)) {
      throw new InputFileError(
        "column_duplicate",
        `${fileName} has the column ${quote(name)} twice: keep one of them`,
      );
    }
    positions.set(column.name, position);
  }
  const missing = required.filter((column) => !positions.has(column.name));
  if (missing.length > 0) {
    throw new InputFileError(
      "column_missing",
      `${fileName} has no column ${list(missing)}; its header is ${JSON.stringify(quote(line))}`,
    );
  }
  const absent = spec.columns.filter((column) => !positions.has(column.name));
  return { delimiter: best.delimiter, width: best.names.length, positions, absent, unknown };
}

function columnOf(name: string, spec: SourceSpec): ColumnSpec | "ignored" | null {
  const wanted = normalise(name);
  if (spec.ignored.some((each) => normalise(each) === wanted)) return "ignored";
  return (
    spec.columns.find((column) =>
      [column.name, ...column.synonyms].some((each) => normalise(each) === wanted),
    ) ?? null
  );
}

const normalise = (name: string) => name.trim().toLowerCase().replaceAll("_", "");

function cut(line: string, delimiter: Delimiter): string[] {
  const cells =
    line.match(new RegExp(`(?<=^|${delimiter})("(?:[^"]|"")*"|[^"${delimiter}]*)(?=${delimiter}|$)`, "g")) ??
    [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell).trim());
}

const list = (columns: readonly ColumnSpec[]) =>
  columns.map((column) => `${column.synonyms[0] ?? column.name} (or ${column.name})`).join(", ");
