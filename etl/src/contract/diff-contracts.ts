import {
  type Column,
  type ContractFile,
  type Dtype,
  isNullable,
  type Profile,
  type Rule,
  rulesOf,
} from "./contract-schema.ts";
import { normaliseName } from "./normalise-name.ts";
import { ruleSentence } from "./rule-sentence.ts";

/** One difference between two versions of a contract. */
export interface ContractChange {
  /** where: `profiles.train.columns.sales.min` */
  path: string;
  kind: "added" | "removed" | "changed";
  /** a file that kept the older version may break the newer one, or its readers lose something */
  breaking: boolean;
  /** what changed and, when it breaks, whom */
  message: string;
}

export interface ContractDiff {
  from: string;
  to: string;
  isBreaking: boolean;
  /** breaking changes first, then in the order of the contract */
  changes: ContractChange[];
}

/** What a type's values may become without loss: a narrower type turned into a wider one breaks no file. */
const WIDER: Record<Dtype, Dtype[]> = {
  int: ["float", "string"],
  float: ["string"],
  date: ["string"],
  bool: ["string"],
  string: [],
};
const RANK = { ignore: 0, warn: 1, fail: 2 } as const;
const DUPLICATES_RANK = { allow: 0, keep_first: 1, warn: 2, fail: 3 } as const;

/**
 * What changed from one version to another, seen by whoever delivers files: breaking is a new required column, a dropped
 * column or spelling, a narrower type, range or list, a new or stricter rule, a lower limit.
 */
export function diffContracts(from: ContractFile, to: ContractFile): ContractDiff {
  const changes: ContractChange[] = [];
  const note: Note = (path, kind, breaking, message) => changes.push({ path, kind, breaking, message });
  diffLimits(from, to, note);
  for (const name of union(Object.keys(from.profiles), Object.keys(to.profiles))) {
    const [old, now] = [from.profiles[name], to.profiles[name]];
    const path = `profiles.${name}`;
    if (old === undefined) note(path, "added", false, `the profile ${name} is new`);
    else if (now === undefined) note(path, "removed", true, `the profile ${name} is gone`);
    else diffProfile(path, old, now, note);
  }
  return {
    from: from.contract_version,
    to: to.contract_version,
    isBreaking: changes.some((change) => change.breaking),
    changes: [
      ...changes.filter((change) => change.breaking),
      ...changes.filter((change) => !change.breaking),
    ],
  };
}

type Note = (path: string, kind: ContractChange["kind"], breaking: boolean, message: string) => void;

function diffLimits(from: ContractFile, to: ContractFile, note: Note): void {
  for (const name of ["max_rows", "max_file_size_mb", "max_columns", "max_line_bytes"] as const) {
    const [old, now] = [from.limits[name], to.limits[name]];
    if (old !== now)
      note(
        `limits.${name}`,
        "changed",
        now < old,
        `${name} ${now < old ? "falls" : "rises"} from ${old} to ${now}`,
      );
  }
  for (const name of ["extensions", "encodings", "delimiters", "null_values"] as const)
    diffWords(`csv.${name}`, from.csv[name], to.csv[name], note);
  if (from.csv.decimal_separator !== to.csv.decimal_separator)
    note(
      "csv.decimal_separator",
      "changed",
      true,
      `numbers are written with "${to.csv.decimal_separator}" instead of "${from.csv.decimal_separator}"`,
    );
  if (from.csv.multiline_cells !== to.csv.multiline_cells)
    note(
      "csv.multiline_cells",
      "changed",
      from.csv.multiline_cells,
      to.csv.multiline_cells ? "cells may now hold line ends" : "cells may no longer hold line ends",
    );
  if (from.strict_types !== to.strict_types)
    note(
      "strict_types",
      "changed",
      to.strict_types,
      to.strict_types ? "every broken cell now fails the file" : "broken cells are judged column by column",
    );
}

/** A list of words that a file may use: words taken out break files, words put in do not. */
function diffWords(path: string, old: readonly string[], now: readonly string[], note: Note): void {
  for (const word of old)
    if (!now.includes(word)) note(path, "removed", true, `${path} no longer has ${JSON.stringify(word)}`);
  for (const word of now)
    if (!old.includes(word)) note(path, "added", false, `${path} now also has ${JSON.stringify(word)}`);
}

function diffProfile(path: string, old: Profile, now: Profile, note: Note): void {
  if (old.key.join() !== now.key.join())
    note(
      `${path}.key`,
      "changed",
      true,
      `the key changes from (${old.key.join(", ")}) to (${now.key.join(", ")})`,
    );
  if (old.duplicates !== now.duplicates)
    note(
      `${path}.duplicates`,
      "changed",
      DUPLICATES_RANK[now.duplicates] > DUPLICATES_RANK[old.duplicates],
      `duplicates: ${old.duplicates} becomes ${now.duplicates}`,
    );
  if (old.ragged_rows !== now.ragged_rows)
    note(
      `${path}.ragged_rows`,
      "changed",
      now.ragged_rows === "FAIL",
      `ragged_rows: ${old.ragged_rows} becomes ${now.ragged_rows}`,
    );
  if (old.unknown_columns.policy !== now.unknown_columns.policy)
    note(
      `${path}.unknown_columns.policy`,
      "changed",
      RANK[now.unknown_columns.policy] > RANK[old.unknown_columns.policy],
      `unknown columns: ${old.unknown_columns.policy} becomes ${now.unknown_columns.policy}`,
    );
  if (old.unknown_columns.keep !== now.unknown_columns.keep)
    note(
      `${path}.unknown_columns.keep`,
      "changed",
      old.unknown_columns.keep,
      now.unknown_columns.keep ? "unknown columns are kept" : "unknown columns are no longer kept",
    );
  const oldColumns = new Map(old.columns.map((column) => [column.canonical_name, column]));
  const nowColumns = new Map(now.columns.map((column) => [column.canonical_name, column]));
  for (const name of union([...oldColumns.keys()], [...nowColumns.keys()])) {
    const [before, after] = [oldColumns.get(name), nowColumns.get(name)];
    const at = `${path}.columns.${name}`;
    if (before === undefined && after !== undefined)
      note(
        at,
        "added",
        after.required,
        after.required ? `the required column ${name} is new` : `the optional column ${name} is new`,
      );
    else if (after === undefined) note(at, "removed", true, `the column ${name} is gone`);
    else if (before !== undefined) diffColumn(at, before, after, note);
  }
  diffRules(path, rulesOf(old), rulesOf(now), note);
}

function diffColumn(path: string, old: Column, now: Column, note: Note): void {
  const name = now.canonical_name;
  if (old.dtype !== now.dtype)
    note(
      `${path}.dtype`,
      "changed",
      !WIDER[old.dtype].includes(now.dtype),
      `${name} changes from ${old.dtype} to ${now.dtype}`,
    );
  if (old.required !== now.required)
    note(
      `${path}.required`,
      "changed",
      now.required,
      now.required ? `${name} becomes required` : `${name} becomes optional`,
    );
  if (isNullable(old) !== isNullable(now))
    note(
      `${path}.nullable`,
      "changed",
      !isNullable(now),
      isNullable(now) ? `${name} may be empty` : `${name} may no longer be empty`,
    );
  const spellings = (column: Column) => [...new Set((column.aliases ?? []).map(normaliseName))];
  diffWords(`${path}.aliases`, spellings(old), spellings(now), note);
  diffWords(`${path}.formats`, old.formats ?? ["YYYY-MM-DD"], now.formats ?? ["YYYY-MM-DD"], note);
  diffBound(`${path}.min`, name, old.min, now.min, (a, b) => b > a, "minimum", note);
  diffBound(`${path}.max`, name, old.max, now.max, (a, b) => b < a, "maximum", note);
  diffBound(
    `${path}.max_length`,
    name,
    old.max_length,
    now.max_length,
    (a, b) => b < a,
    "length limit",
    note,
  );
  diffAllowed(`${path}.allowed_values`, name, old.allowed_values, now.allowed_values, note);
  if (old.on_invalid !== now.on_invalid)
    note(
      `${path}.on_invalid`,
      "changed",
      now.on_invalid === "FAIL",
      `a broken ${name} is ${now.on_invalid ?? "judged by the column's default"} instead of ${old.on_invalid ?? "judged by the column's default"}`,
    );
  if (old.sensitive !== now.sensitive)
    note(
      `${path}.sensitive`,
      "changed",
      false,
      `${name} is ${now.sensitive ? "now" : "no longer"} masked in reports`,
    );
}

function diffBound<T extends number | string>(
  path: string,
  name: string,
  old: T | undefined,
  now: T | undefined,
  isNarrower: (old: T, now: T) => boolean,
  word: string,
  note: Note,
): void {
  if (old === now) return;
  if (old === undefined) note(path, "added", true, `${name} gets a ${word} of ${now}`);
  else if (now === undefined) note(path, "removed", false, `${name} loses its ${word} of ${old}`);
  else note(path, "changed", isNarrower(old, now), `the ${word} of ${name} changes from ${old} to ${now}`);
}

function diffAllowed(
  path: string,
  name: string,
  old: Column["allowed_values"],
  now: Column["allowed_values"],
  note: Note,
): void {
  if (old === undefined && now === undefined) return;
  if (old === undefined) note(path, "added", true, `${name} is limited to ${now!.join(", ")}`);
  else if (now === undefined) note(path, "removed", false, `${name} is no longer limited to a list`);
  else diffWords(path, old.map(String), now.map(String), note);
}

function diffRules(path: string, old: Rule[], now: Rule[], note: Note): void {
  const oldRules = new Map(old.map((rule) => [rule.id, rule]));
  const nowRules = new Map(now.map((rule) => [rule.id, rule]));
  for (const id of union([...oldRules.keys()], [...nowRules.keys()])) {
    const [before, after] = [oldRules.get(id), nowRules.get(id)];
    const at = `${path}.quality_rules.${id}`;
    if (before === undefined)
      note(at, "added", true, `the rule ${id} (${after!.severity}) is new: ${ruleSentence(after!)}`);
    else if (after === undefined) note(at, "removed", false, `the rule ${id} is gone`);
    else {
      if (before.severity !== after.severity)
        note(
          `${at}.severity`,
          "changed",
          after.severity === "FAIL",
          `the rule ${id} is now ${after.severity} instead of ${before.severity}`,
        );
      if (demand(before) !== demand(after))
        note(
          at,
          "changed",
          !isLooser(before, after),
          `the rule ${id} demanded: ${ruleSentence(before)}; now: ${ruleSentence(after)}`,
        );
    }
  }
}

/** What a rule asks, without how it is told. */
function demand({
  severity: _severity,
  description: _description,
  quarantine: _quarantine,
  ...rest
}: Rule): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether everything that kept the old rule keeps the new one. Where that cannot be told, it counts as stricter. */
function isLooser(old: Rule, now: Rule): boolean {
  if (old.type === "between" && now.type === "between")
    return (
      old.column === now.column &&
      (now.min_value === undefined || (old.min_value !== undefined && now.min_value <= old.min_value)) &&
      (now.max_value === undefined || (old.max_value !== undefined && now.max_value >= old.max_value)) &&
      (now.ignore_nulls || !old.ignore_nulls)
    );
  if (old.type === "row_count_between" && now.type === "row_count_between")
    return (
      (now.min_value === undefined || (old.min_value !== undefined && now.min_value <= old.min_value)) &&
      (now.max_value === undefined || (old.max_value !== undefined && now.max_value >= old.max_value))
    );
  if (old.type === "accepted_values" && now.type === "accepted_values")
    return (
      old.column === now.column &&
      old.values.every((value) => now.values.includes(value)) &&
      (now.ignore_nulls || !old.ignore_nulls)
    );
  if (old.type === "max_null_ratio" && now.type === "max_null_ratio")
    return old.column === now.column && now.value >= old.value;
  if (old.type === "freshness" && now.type === "freshness")
    return old.column === now.column && now.max_age_days >= old.max_age_days;
  return false;
}

const union = (a: string[], b: string[]) => [...new Set([...a, ...b])];
