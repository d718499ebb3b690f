import type { ContractColumn, ContractProfile, ContractVersionDetail } from "../../lib/api-types.ts";
import { count, plural } from "../../lib/format.ts";

const TYPES: Record<string, string> = {
  string: "text",
  int: "whole number",
  float: "number",
  date: "date",
  bool: "yes or no",
};

/** A column's type as a planner would say it. */
export const typeWord = (dtype: string): string => TYPES[dtype] ?? dtype;

const FILES: Record<string, string> = {
  train: "Daily sales",
  store: "Stores",
  known_future: "Coming days",
  future: "Coming days",
};

/** What a profile or a file of a delivery is about; an unknown one keeps its own name. */
export const fileName = (profile: string): string => FILES[profile] ?? profile.replaceAll("_", " ");

const SEPARATORS: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** How any file of the contract must be made, in two sentences. */
export function fileSentences(version: Pick<ContractVersionDetail, "limits" | "csv">): string {
  const { limits, csv } = version;
  const separators = either(csv.delimiters.map((each) => SEPARATORS[each] ?? each));
  const made = [
    `A CSV file in ${either(csv.encodings.map((each) => each.toUpperCase()))}, its cells separated by ${separators},`,
    `with a header in its first line, at most ${plural(limits.max_rows, "row")} and ${count(limits.max_file_size_mb)} MB.`,
  ].join(" ");
  const empty =
    csv.null_values.length === 0 ? "" : ` An empty cell may also be written ${either(csv.null_values)}.`;
  return `${made}${empty}`;
}

/** What a cell of the column may hold beyond its type; empty when anything goes. */
export function valueWords(column: ContractColumn): string {
  const words: string[] = [];
  if (column.allowed_values !== null) words.push(either(column.allowed_values.map(String)));
  const [low, high] = [bound(column.min), bound(column.max)];
  if (low !== null && high !== null) words.push(`${low} to ${high}`);
  else if (low !== null) words.push(`${low} or more`);
  else if (high !== null) words.push(`at most ${high}`);
  if (column.max_length !== null) words.push(`up to ${plural(column.max_length, "character")}`);
  if (column.formats.length > 0) words.push(`written ${either(column.formats)}`);
  return words.join("; ");
}

const bound = (value: number | string | null): string | null =>
  value === null ? null : typeof value === "number" ? count(value) : value;

const DUPLICATES: Record<string, string> = {
  fail: "Two rows with the same key refuse the file.",
  warn: "Rows with the same key are all set aside.",
  keep_first: "Of rows with the same key the first is kept, the others are set aside.",
  allow: "",
};

const UNKNOWN: Record<string, string> = {
  ignore: "Other columns are passed over.",
  warn: "Other columns are passed over and named in the report.",
  fail: "Other columns refuse the file.",
};

/** What happens to rows and columns that are not as they should be. */
export function profileSentences(profile: ContractProfile): string[] {
  return [
    profile.key.length === 0 ? "" : `One row per ${profile.key.join(" and ")}.`,
    DUPLICATES[profile.duplicates] ?? "",
    UNKNOWN[profile.unknown_columns.policy] ?? "",
    profile.ragged_rows === "FAIL"
      ? "A row with too many or too few cells refuses the file."
      : "A row with too many or too few cells is set aside.",
  ].filter((sentence) => sentence !== "");
}

/** A sentence of the server with a capital in front, unless it begins with the name of a column or a path. */
export const sentenceCase = (text: string): string =>
  /^[a-z]+\b(?![_.])/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
