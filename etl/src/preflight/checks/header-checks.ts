import { type ContractFile, canonicalColumns, type Profile } from "../../contract/contract-schema.ts";
import { normaliseName } from "../../contract/normalise-name.ts";
import type { ColumnMapping } from "../file-facts.ts";
import { type Finding, shownValue } from "../finding.ts";
import { delimiterName } from "../header-line.ts";

interface Place {
  line: number;
  column: string | null;
  value: string | null;
}

function headerFinding(
  check: string,
  severity: Finding["severity"],
  message: string,
  expected: string,
  places: Place[],
): Finding {
  return {
    check,
    level: "header",
    severity,
    column: places.length === 1 ? places[0]!.column : null,
    count: places.length,
    message,
    expected,
    samples: places.slice(0, 20).map((place) => ({ ...place, key: {}, expected })),
    quarantined: false,
  };
}

/** Header spelling (normalised) → canonical name. */
export function spellings(profile: Profile): Map<string, string> {
  const map = new Map<string, string>();
  for (const column of profile.columns)
    for (const spelling of [column.canonical_name, ...(column.aliases ?? [])])
      map.set(normaliseName(spelling), column.canonical_name);
  return map;
}

/** Which column of the file is which column of the profile. A canonical column is given to the first header that means it. */
export function mapColumns(header: string[], profile: Profile): ColumnMapping[] {
  const known = spellings(profile);
  const taken = new Set<string>();
  return header.map((text, index) => {
    const canonical = known.get(normaliseName(text)) ?? null;
    const free = canonical !== null && !taken.has(canonical);
    if (free) taken.add(canonical);
    return { position: index + 1, header: text, canonical: free ? canonical : null };
  });
}

/** `delimiter`: the file's own separator must be one that the contract takes. */
export function checkDelimiter(delimiter: string, line: number, contract: ContractFile): Finding[] {
  if ((contract.csv.delimiters as string[]).includes(delimiter)) return [];
  const allowed = contract.csv.delimiters.map(delimiterName).join(", ");
  return [
    headerFinding(
      "delimiter",
      "FAIL",
      `the cells are separated by ${delimiterName(delimiter)}, the contract takes ${allowed}; export the file again`,
      allowed,
      [{ line, column: null, value: delimiterName(delimiter) }],
    ),
  ];
}

/** `column_limit`: not more columns than the contract allows. */
export function checkColumnLimit(header: string[], line: number, contract: ContractFile): Finding[] {
  const limit = contract.limits.max_columns;
  if (header.length <= limit) return [];
  return [
    headerFinding(
      "column_limit",
      "FAIL",
      `the header has ${header.length.toLocaleString("en-US")} columns, the contract allows ${limit}`,
      `at most ${limit} columns`,
      [{ line, column: shownValue(header[limit]!), value: String(header.length) }],
    ),
  ];
}

/** `header`: every column has a name. */
export function checkHeaderNames(header: string[], line: number): Finding[] {
  const nameless = header.flatMap((text, index) => (text.trim() === "" ? [index + 1] : []));
  if (nameless.length === 0) return [];
  return [
    headerFinding(
      "header",
      "FAIL",
      `the header leaves column ${nameless.join(", ")} without a name; name it or take it out`,
      "a name for every column",
      nameless.map((position) => ({ line, column: `(column ${position})`, value: "" })),
    ),
  ];
}

/** `duplicate_columns`: no two headers that mean the same. */
export function checkDuplicateColumns(header: string[], line: number, profile: Profile): Finding[] {
  const known = spellings(profile);
  const first = new Map<string, string>();
  const places: Place[] = [];
  const told: string[] = [];
  for (const text of header) {
    if (text.trim() === "") continue;
    const meaning = known.get(normaliseName(text)) ?? normaliseName(text);
    const earlier = first.get(meaning);
    if (earlier === undefined) first.set(meaning, text);
    else {
      places.push({ line, column: text, value: text });
      told.push(`"${shownValue(text)}" and "${shownValue(earlier)}" both mean ${shownValue(meaning)}`);
    }
  }
  if (places.length === 0) return [];
  const more = told.length > 5 ? ` and ${told.length - 5} more` : "";
  return [
    headerFinding(
      "duplicate_columns",
      "FAIL",
      `the header names a column twice: ${told.slice(0, 5).join("; ")}${more}; keep one of them`,
      "every column once",
      places,
    ),
  ];
}

/** `required_columns`: every required column is there under one of its names. */
export function checkRequiredColumns(mapping: ColumnMapping[], line: number, profile: Profile): Finding[] {
  const present = new Set(mapping.map((column) => column.canonical));
  const missing = canonicalColumns(profile).filter(
    (column) => column.required && !present.has(column.canonical_name),
  );
  if (missing.length === 0) return [];
  const names = missing.map((column) => column.canonical_name).sort();
  const spelled = missing
    .map((column) => [column.canonical_name, ...(column.aliases ?? [])].join(" or "))
    .join("; ");
  return [
    headerFinding(
      "required_columns",
      "FAIL",
      `Missing required columns: ${names.join(", ")}; the header may call them ${spelled}`,
      names.join(", "),
      missing.map((column) => ({ line, column: column.canonical_name, value: null })),
    ),
  ];
}

/** `extra_columns`: columns that the profile does not know, judged by its policy. */
export function checkExtraColumns(mapping: ColumnMapping[], line: number, profile: Profile): Finding[] {
  const known = spellings(profile);
  const extra = mapping.filter(
    (column) =>
      column.canonical === null && column.header.trim() !== "" && !known.has(normaliseName(column.header)),
  );
  const { policy, keep } = profile.unknown_columns;
  if (extra.length === 0 || policy === "ignore") return [];
  const names = extra.map((column) => shownValue(column.header)).sort();
  return [
    headerFinding(
      "extra_columns",
      policy === "fail" ? "FAIL" : "WARN",
      `Extra columns detected: ${names.slice(0, 20).join(", ")}${names.length > 20 ? " …" : ""}; ${
        policy === "fail" ? "the contract does not allow them" : keep ? "they are kept" : "they are dropped"
      }`,
      "columns of the profile only",
      extra.map((column) => ({ line, column: shownValue(column.header), value: shownValue(column.header) })),
    ),
  ];
}
