import {
  type Column,
  type ContractFile,
  canonicalColumns,
  cellSeverity,
  isNullable,
  type Profile,
  type Rule,
  rulesOf,
} from "./contract-schema.ts";
import { ruleSentence } from "./rule-sentence.ts";

/**
 * A contract as a page that people read, in Markdown: what a file must be, every column, every rule in a sentence. It
 * repeats nothing that is not in the contract, so it can be made again and compared.
 */
export function contractDocument(contract: ContractFile): string {
  const { limits, csv } = contract;
  return [
    `Version \`${contract.contract_version}\`, format ${contract.format.toUpperCase()}.`,
    "",
    "| The file | must be |",
    "|---|---|",
    `| ending | ${csv.extensions.map(code).join(", ")} |`,
    `| size | 1 byte to ${number(limits.max_file_size_mb)} MB |`,
    `| rows | 1 to ${number(limits.max_rows)} |`,
    `| columns | at most ${number(limits.max_columns)} |`,
    `| longest line | ${number(limits.max_line_bytes)} bytes |`,
    `| encoding | ${csv.encodings.join(", then ")}, with or without a byte-order mark |`,
    `| between cells | ${csv.delimiters.map(delimiterWord).join(", ")} |`,
    `| decimal separator | ${code(csv.decimal_separator)} |`,
    `| words for an empty cell | ${csv.null_values.length === 0 ? "none" : csv.null_values.map(code).join(", ")} |`,
    `| line ends inside quoted cells | ${csv.multiline_cells ? "allowed" : "not allowed"} |`,
    ...Object.entries(contract.profiles).flatMap(([name, profile]) =>
      profileSection(contract, name, profile),
    ),
    "",
  ].join("\n");
}

function profileSection(contract: ContractFile, name: string, profile: Profile): string[] {
  const rules = rulesOf(profile);
  return [
    "",
    `### Profile \`${name}\``,
    "",
    ...(profile.description === undefined ? [] : [`${profile.description}.`]),
    `${profile.key.length === 0 ? "" : `Key: ${profile.key.map(code).join(", ")}. `}${DUPLICATES[profile.duplicates]} ${UNKNOWN[profile.unknown_columns.policy]}${profile.unknown_columns.policy === "fail" ? "" : profile.unknown_columns.keep ? " They are kept." : " They are dropped."} Rows with more or fewer cells than the header: ${profile.ragged_rows}.${profile.aliases.length === 0 ? "" : ` Also called ${profile.aliases.map(code).join(", ")}.`}`,
    "",
    "| Column | Other headers | Type | Must be there | May be empty | Values | Broken cell | Meaning |",
    "|---|---|---|---|---|---|---|---|",
    ...canonicalColumns(profile).map((column) => columnRow(contract, column)),
    "",
    ...(rules.length === 0
      ? ["No rules."]
      : [
          "| Rule | Demands | Severity | Rows that break it |",
          "|---|---|---|---|",
          ...rules.map(
            (rule) =>
              `| ${code(rule.id)} | ${demandWords(rule)} | ${rule.severity} | ${ABOUT_ROWS.has(rule.type) ? (rule.quarantine ? "are set aside" : "are reported") : "-"} |`,
          ),
        ]),
  ];
}

/** Rules that point at single rows. */
const ABOUT_ROWS = new Set([
  "between",
  "accepted_values",
  "not_null",
  "pattern",
  "monotone",
  "composite_unique",
  "foreign_key",
  "sql",
]);

const DUPLICATES: Record<Profile["duplicates"], string> = {
  fail: "Two rows with the same key fail the file.",
  warn: "Rows with the same key are set aside.",
  keep_first: "Of rows with the same key the first is kept.",
  allow: "Equal keys are left to the rules.",
};

const UNKNOWN: Record<Profile["unknown_columns"]["policy"], string> = {
  ignore: "Unknown columns do not matter.",
  warn: "Unknown columns are reported.",
  fail: "Unknown columns fail the file.",
};

function columnRow(contract: ContractFile, column: Column): string {
  return `| ${code(column.canonical_name)} | ${(column.aliases ?? []).map(code).join(", ")} | ${typeWords(column)} | ${yes(column.required)} | ${yes(isNullable(column))} | ${valueWords(column)} | ${cellSeverity(contract, column)} | ${text(column.description ?? "")}${column.sensitive ? " (masked in reports)" : ""} |`;
}

function typeWords(column: Column): string {
  return column.dtype === "date" ? `date, ${(column.formats ?? ["YYYY-MM-DD"]).join(" or ")}` : column.dtype;
}

function valueWords(column: Column): string {
  const parts: string[] = [];
  if (column.allowed_values !== undefined)
    parts.push(column.allowed_values.map((value) => code(String(value))).join(", "));
  if (column.min !== undefined && column.max !== undefined) parts.push(`${column.min} to ${column.max}`);
  else if (column.min !== undefined) parts.push(`${column.min} or more`);
  else if (column.max !== undefined) parts.push(`at most ${column.max}`);
  if (column.max_length !== undefined) parts.push(`at most ${column.max_length} characters`);
  return parts.join("; ");
}

/** A pattern is code: its stars would be read as emphasis. */
function demandWords(rule: Rule): string {
  return rule.type === "pattern" ? `${rule.column} matches ${code(rule.pattern)}` : text(ruleSentence(rule));
}

const yes = (claim: boolean) => (claim ? "yes" : "no");
const number = (value: number) => value.toLocaleString("en-US");
const delimiterWord = (delimiter: string) => (delimiter === "\t" ? "tab" : code(delimiter));

/** Text that cannot break a table: a bar would end the cell. */
const text = (value: string) => value.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (value: string) => `\`${text(value)}\``;
