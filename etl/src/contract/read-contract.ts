import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf } from "@rossmann/core";
import { RE2JS } from "re2js";
import {
  type Column,
  type Contract,
  type ContractFile,
  contractSchema,
  type DateFormat,
  type Profile,
  type Rule,
  rulesOf,
} from "./contract-schema.ts";
import { ContractError, type ContractMistake, invalidContract } from "./errors.ts";
import { normaliseName } from "./normalise-name.ts";
import { parseYaml, pathText, YamlMistakes } from "./yaml-source.ts";

/** Formats that read the same digits in two ways; a column may not declare both. */
const AMBIGUOUS: [DateFormat, DateFormat][] = [["DD/MM/YYYY", "MM/DD/YYYY"]];

/**
 * Read a contract file.
 *
 * @param path a YAML file
 * @throws {ContractError} `contract_file_missing`, or `contract_invalid` with the line of every mistake at once
 */
export async function readContract(path: string): Promise<Contract> {
  return parseContract(await readText(path), basename(path));
}

/** The text of a contract file. @throws {ContractError} `contract_file_missing` */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ContractError(
      "contract_file_missing",
      "not_found",
      `the contract file ${basename(path)} cannot be read (${(error as NodeJS.ErrnoException).code ?? messageOf(error)}); check the path in the registry or in PREFLIGHT_CONTRACT_PATH`,
      [],
      { cause: error },
    );
  }
}

/**
 * Parse and cross-check the text of a contract file: the form (see `contractSchema`), then what a form cannot say: no
 * spelling may stand for two columns, rules may name only columns of their profile, bounds must be in order and of the
 * column's type, patterns must compile, date formats must not be ambiguous.
 *
 * @param file name used in messages
 * @throws {ContractError} `contract_invalid`
 */
export function parseContract(text: string, file: string): Contract {
  try {
    const { value, lineOf } = parseYaml(text, contractSchema);
    const mistakes: ContractMistake[] = [];
    const report = (path: PropertyKey[], message: string) =>
      mistakes.push({ line: lineOf(path), path: pathText(path), message });
    for (const [name, profile] of Object.entries(value.profiles)) {
      const at = ["profiles", name];
      checkColumns(profile, at, report);
      checkSpellings(profile, at, report);
      checkRules(value, profile, at, report);
    }
    checkProfileNames(value, report);
    if (mistakes.length > 0) throw invalidContract(file, mistakes);
    return value as Contract;
  } catch (error) {
    if (error instanceof YamlMistakes) throw invalidContract(file, error.mistakes);
    throw error;
  }
}

type Report = (path: PropertyKey[], message: string) => void;

function checkProfileNames(contract: ContractFile, report: Report): void {
  const owners = new Map<string, string>();
  for (const [name, profile] of Object.entries(contract.profiles)) {
    for (const spelling of [name, ...profile.aliases]) {
      const owner = owners.get(spelling);
      if (owner !== undefined)
        report(["profiles", name], `the profiles ${owner} and ${name} are both called "${spelling}"`);
      owners.set(spelling, name);
    }
  }
}

function checkColumns(profile: Profile, at: PropertyKey[], report: Report): void {
  const names = new Set(profile.columns.map((column) => column.canonical_name));
  const seen = new Set<string>();
  profile.columns.forEach((column, index) => {
    const path = [...at, "columns", index];
    if (seen.has(column.canonical_name))
      report([...path, "canonical_name"], `the column ${column.canonical_name} is described twice`);
    seen.add(column.canonical_name);
    if (column.formats !== undefined && column.dtype !== "date")
      report(
        [...path, "formats"],
        `${column.canonical_name} is ${column.dtype}; formats belong to dates only`,
      );
    for (const [one, other] of AMBIGUOUS) {
      if (column.formats?.includes(one) && column.formats.includes(other))
        report(
          [...path, "formats"],
          `${column.canonical_name} allows both ${one} and ${other}, and 03/04/2015 would be two days; keep one of them`,
        );
    }
    if (column.max_length !== undefined && column.dtype !== "string")
      report(
        [...path, "max_length"],
        `${column.canonical_name} is ${column.dtype}; max_length belongs to strings only`,
      );
    for (const end of ["min", "max"] as const) checkBound(column, column[end], [...path, end], report);
    if (column.min !== undefined && column.max !== undefined && column.min > column.max)
      report([...path, "min"], `${column.canonical_name}: min ${column.min} is above max ${column.max}`);
    checkValues(column, column.allowed_values, [...path, "allowed_values"], report);
  });
  for (const key of ["key", "canonical_order"] as const) {
    (profile[key] ?? []).forEach((name, index) => {
      if (!names.has(name)) report([...at, key, index], unknownColumn(name, names));
    });
  }
  if (profile.duplicates !== "allow" && profile.key.length === 0)
    report(
      [...at, "duplicates"],
      `duplicates: ${profile.duplicates} needs a key; name its columns under key`,
    );
}

/** Every spelling leads to exactly one column; aliases that lead from column to column in a circle are named as such. */
function checkSpellings(profile: Profile, at: PropertyKey[], report: Report): void {
  const canonical = new Map(profile.columns.map((column) => [column.canonical_name, column]));
  const owner = new Map<string, string>();
  const circles = new Set<string>();
  profile.columns.forEach((column, index) => {
    (column.aliases ?? []).forEach((alias, place) => {
      const path = [...at, "columns", index, "aliases", place];
      const spelling = normaliseName(alias);
      const other = canonical.get(spelling);
      if (other !== undefined && other !== column) {
        const circle = findCircle(column.canonical_name, canonical);
        if (circle === null)
          report(path, `"${alias}" is an alias of ${column.canonical_name} and the name of another column`);
        else if (!circles.has(circle.toSorted().join())) {
          circles.add(circle.toSorted().join());
          report(
            path,
            `the aliases run in a circle: ${[...circle, circle[0]].join(" -> ")}; take one of them out`,
          );
        }
        return;
      }
      const taken = owner.get(spelling);
      if (taken !== undefined && taken !== column.canonical_name)
        report(
          path,
          `"${alias}" is an alias of both ${taken} and ${column.canonical_name}; a header can mean one column only`,
        );
      owner.set(spelling, column.canonical_name);
    });
  });
}

/** The columns on a circle of aliases through `start`, in order, or `null`. */
function findCircle(start: string, canonical: Map<string, Column>): string[] | null {
  const walk = (name: string, path: string[]): string[] | null => {
    for (const alias of canonical.get(name)?.aliases ?? []) {
      const next = normaliseName(alias);
      if (next === name || !canonical.has(next)) continue;
      if (next === start) return path;
      if (path.includes(next)) continue;
      const found = walk(next, [...path, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

function checkRules(contract: ContractFile, profile: Profile, at: PropertyKey[], report: Report): void {
  const columns = new Map(profile.columns.map((column) => [column.canonical_name, column]));
  const names = new Set(columns.keys());
  const seen = new Set<string>();
  const columnRules = profile.quality_rules?.columns?.length ?? 0;
  rulesOf(profile).forEach((rule, index) => {
    const group = index < columnRules ? "columns" : "table";
    const path = [...at, "quality_rules", group, index < columnRules ? index : index - columnRules];
    if (seen.has(rule.id)) report([...path, "id"], `two rules are called ${rule.id}`);
    seen.add(rule.id);
    for (const name of columnsOf(rule)) if (!names.has(name)) report(path, unknownColumn(name, names));
    checkRule(contract, rule, columns, path, report);
  });
}

/** The columns of its own profile that a rule speaks of. */
export function columnsOf(rule: Rule): string[] {
  switch (rule.type) {
    case "composite_unique":
    case "foreign_key":
      return rule.columns;
    case "monotone":
      return [rule.column, ...rule.group_by];
    case "row_count_between":
      return [];
    case "sql":
      return rule.column === undefined ? [] : [rule.column];
    default:
      return [rule.column];
  }
}

function checkRule(
  contract: ContractFile,
  rule: Rule,
  columns: Map<string, Column>,
  path: PropertyKey[],
  report: Report,
): void {
  const column = "column" in rule && rule.column !== undefined ? columns.get(rule.column) : undefined;
  if (rule.type === "between" || rule.type === "row_count_between") {
    const { min_value: low, max_value: high } = rule;
    if (low === undefined && high === undefined)
      report(path, `${rule.id} needs min_value or max_value or both`);
    else if (low !== undefined && high !== undefined && low > high)
      report([...path, "min_value"], `${rule.id}: min_value ${low} is above max_value ${high}`);
    if (rule.type === "between" && column !== undefined) {
      checkBound(column, low, [...path, "min_value"], report);
      checkBound(column, high, [...path, "max_value"], report);
    }
  }
  if (rule.type === "accepted_values" && column !== undefined)
    checkValues(column, rule.values, [...path, "values"], report);
  if (rule.type === "freshness" && column !== undefined && column.dtype !== "date")
    report(
      [...path, "column"],
      `${rule.id}: freshness needs a date, ${column.canonical_name} is ${column.dtype}`,
    );
  if (rule.type === "pattern") {
    try {
      RE2JS.compile(rule.pattern);
    } catch (error) {
      report(
        [...path, "pattern"],
        `${rule.id}: the pattern cannot be used (${messageOf(error)}); look-around and back-references do not exist in this syntax`,
      );
    }
  }
  if (rule.type === "foreign_key") {
    const other = Object.entries(contract.profiles).find(
      ([name, profile]) =>
        name === rule.references.profile || profile.aliases.includes(rule.references.profile),
    )?.[1];
    if (other === undefined)
      report(
        [...path, "references", "profile"],
        `${rule.id}: there is no profile ${rule.references.profile}`,
      );
    else {
      const known = new Set(other.columns.map((item) => item.canonical_name));
      for (const name of rule.references.columns)
        if (!known.has(name)) report([...path, "references", "columns"], unknownColumn(name, known));
    }
    if (rule.columns.length !== rule.references.columns.length)
      report(
        [...path, "references", "columns"],
        `${rule.id}: ${rule.columns.length} columns here, ${rule.references.columns.length} there`,
      );
  }
}

/** A bound must be a date for dates, a number for numbers, and makes no sense elsewhere. */
function checkBound(
  column: Column,
  value: number | string | undefined,
  path: PropertyKey[],
  report: Report,
): void {
  if (value === undefined) return;
  const wanted = column.dtype === "date" ? "string" : "number";
  if (column.dtype === "string" || column.dtype === "bool")
    report(path, `${column.canonical_name} is ${column.dtype}; a bound needs a number or a date`);
  else if (typeof value !== wanted)
    report(
      path,
      `${column.canonical_name} is ${column.dtype}; the bound must be ${wanted === "number" ? "a number" : "a date as YYYY-MM-DD"}, got ${JSON.stringify(value)}`,
    );
}

/** Accepted values must be values that a cell of the column can hold. */
function checkValues(
  column: Column,
  values: readonly (string | number | boolean)[] | undefined,
  path: PropertyKey[],
  report: Report,
): void {
  values?.forEach((value, index) => {
    const fits =
      column.dtype === "string" || column.dtype === "date"
        ? typeof value === "string"
        : column.dtype === "bool"
          ? typeof value === "boolean"
          : typeof value === "number" && (column.dtype === "float" || Number.isInteger(value));
    if (!fits)
      report(
        [...path, index],
        `${column.canonical_name} is ${column.dtype} and can never be ${JSON.stringify(value)}${column.dtype === "string" ? "; put it in quotes" : ""}`,
      );
  });
}

const unknownColumn = (name: string, known: Set<string>) =>
  `there is no column ${name}; the profile has ${[...known].join(", ")}`;
