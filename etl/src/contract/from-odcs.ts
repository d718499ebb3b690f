import { parse, stringify } from "yaml";
import { type Contract, type DateFormat, type Dtype, dateFormats } from "./contract-schema.ts";
import { ContractError } from "./errors.ts";
import { normaliseName } from "./normalise-name.ts";
import {
  customValue,
  ENGINE,
  type OdcsDocument,
  type OdcsObject,
  type OdcsProperty,
  type OdcsQuality,
  odcsSchema,
} from "./odcs-document.ts";
import { parseContract } from "./read-contract.ts";
import { pathText } from "./yaml-source.ts";

const DTYPES: Record<string, Dtype> = {
  string: "string",
  integer: "int",
  number: "float",
  date: "date",
  boolean: "bool",
};
/** Limits of an imported contract that names none. */
const LIMITS = { max_rows: 2_000_000, max_file_size_mb: 200 };

/** A contract made of an ODCS document, and what of the document it does not hold. */
export interface OdcsImport {
  contract: Contract;
  /** the contract as the text of a contract file */
  yaml: string;
  notes: string[];
}

/**
 * Read an ODCS 3.x document as a contract. What a file check can ask is taken over; everything else is named in `notes`.
 *
 * @param source a document, or its text as YAML or JSON
 * @throws {ContractError} `contract_invalid` when it is no ODCS document, or describes no table that a file could be
 */
export function fromOdcs(source: OdcsDocument | string): OdcsImport {
  const document = readDocument(source);
  const notes: string[] = [];
  const profiles = Object.fromEntries(
    (document.schema ?? []).map((object) => [identifierOf(object.name), profileOf(object, notes)]),
  );
  const yaml = stringify(
    clean({
      contract_version: document.version,
      format: "csv",
      limits: customValue(document, "limits") ?? LIMITS,
      csv: customValue(document, "csv"),
      strict_types: customValue(document, "strict_types"),
      profiles,
    }),
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  if (customValue(document, "limits") === undefined)
    notes.push(
      `the document names no limits; ${LIMITS.max_rows} rows and ${LIMITS.max_file_size_mb} MB are taken`,
    );
  return { contract: parseContract(yaml, `${document.id} (ODCS)`), yaml, notes };
}

function readDocument(source: OdcsDocument | string): OdcsDocument {
  const refuse = (message: string, cause?: unknown) =>
    new ContractError("contract_invalid", "invalid", `this is no ODCS document: ${message}`, [], { cause });
  let value: unknown = source;
  if (typeof source === "string") {
    try {
      // Anchors are refused, as in contract files: they can grow without end.
      value = parse(source, { maxAliasCount: 0 });
    } catch (error) {
      throw refuse(error instanceof Error ? error.message.split("\n")[0]! : String(error), error);
    }
  }
  const parsed = odcsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(
    parsed.error.issues
      .map((issue) => `${pathText(issue.path) || "the document"}: ${issue.message}`)
      .join("; "),
  );
}

function profileOf(object: OdcsObject, notes: string[]): Record<string, unknown> {
  const columns: unknown[] = [];
  const columnRules: unknown[] = [];
  const tableRules: unknown[] = [];
  const key: [number, string][] = [];
  const names = new Map((object.properties ?? []).map((item) => [item.name, identifierOf(item.name)]));
  for (const item of object.properties ?? []) {
    const dtype = DTYPES[item.logicalType ?? "string"];
    const name = names.get(item.name)!;
    if (dtype === undefined) {
      notes.push(
        `${object.name}.${item.name} is ${item.logicalType}, which a CSV cell cannot be; it is left out`,
      );
      continue;
    }
    if (item.primaryKey === true) key.push([item.primaryKeyPosition ?? key.length + 1, name]);
    if (item.unique === true && !(item.primaryKey === true))
      tableRules.push({ id: `${name}_unique`, type: "composite_unique", columns: [name] });
    const allowed = (item.quality ?? []).find((rule) => customValue(rule, "check") === "allowed_values");
    columns.push(columnOf(item, name, dtype, allowed?.arguments?.validValues, notes));
    for (const rule of item.quality ?? []) {
      if (rule === allowed) continue;
      const made = ruleOf(rule, name, names, `${object.name}.${item.name}`, notes);
      if (made === null) continue;
      (isTableRule(made) ? tableRules : columnRules).push(made);
    }
  }
  for (const rule of object.quality ?? []) {
    const made = ruleOf(rule, null, names, object.name, notes);
    if (made !== null) (isTableRule(made) ? tableRules : columnRules).push(made);
  }
  const rules = clean({
    columns: columnRules.length > 0 ? columnRules : undefined,
    table: tableRules.length > 0 ? tableRules : undefined,
  });
  return clean({
    description: object.description,
    aliases: customValue(object, "aliases"),
    key: key.toSorted(([a], [b]) => a - b).map(([, name]) => name),
    duplicates: customValue(object, "duplicates"),
    unknown_columns: customValue(object, "unknown_columns"),
    ragged_rows: customValue(object, "ragged_rows"),
    canonical_order: customValue(object, "canonical_order"),
    columns,
    quality_rules: Object.keys(rules).length > 0 ? rules : undefined,
  });
}

function columnOf(
  item: OdcsProperty,
  name: string,
  dtype: Dtype,
  allowed: unknown,
  notes: string[],
): Record<string, unknown> {
  const options = item.logicalTypeOptions ?? {};
  const known = new Set(["minimum", "maximum", "maxLength", "format"]);
  for (const option of Object.keys(options))
    if (!known.has(option))
      notes.push(`${item.name}: the option ${option} has no counterpart and is left out`);
  const aliases = customValue(item, "aliases") as string[] | undefined;
  const spelled = normaliseName(item.name) === name ? aliases : [...(aliases ?? []), item.name];
  return clean({
    canonical_name: name,
    dtype,
    required: customValue(item, "header_required") ?? item.required ?? false,
    nullable:
      customValue(item, "header_required") === undefined
        ? !(item.required ?? false)
        : customValue(item, "nullable"),
    aliases: spelled,
    description: item.description,
    formats:
      dtype === "date" ? (customValue(item, "formats") ?? formatsOf(item, options.format, notes)) : undefined,
    min: dtype === "string" || dtype === "bool" ? undefined : options.minimum,
    max: dtype === "string" || dtype === "bool" ? undefined : options.maximum,
    max_length: dtype === "string" ? options.maxLength : undefined,
    allowed_values: allowed,
    sensitive: customValue(item, "sensitive") ?? (item.classification === "restricted" || undefined),
    on_invalid: customValue(item, "on_invalid"),
  });
}

/** A JDK date format, if it is one that contracts know. */
function formatsOf(item: OdcsProperty, format: unknown, notes: string[]): DateFormat[] | undefined {
  if (format === undefined) return undefined;
  const own = String(format).replace("yyyy", "YYYY").replace("dd", "DD");
  const found = dateFormats.find((known) => known === own);
  if (found !== undefined) return found === "YYYY-MM-DD" ? undefined : [found];
  notes.push(`${item.name}: the date format ${String(format)} is not known; YYYY-MM-DD is taken`);
  return undefined;
}

const isTableRule = (rule: Record<string, unknown>) => !("column" in rule) || rule.type === "sql";

function ruleOf(
  quality: OdcsQuality,
  column: string | null,
  names: Map<string, string>,
  where: string,
  notes: string[],
): Record<string, unknown> | null {
  const leaveOut = (why: string) => {
    notes.push(
      `${where}: the rule ${quality.name ?? quality.metric ?? quality.type ?? "without a name"} ${why}; it is left out`,
    );
    return null;
  };
  if (quality.type === "custom") {
    if (quality.engine !== ENGINE) return leaveOut(`belongs to ${quality.engine ?? "another tool"}`);
    return quality.implementation as Record<string, unknown>;
  }
  if (quality.type === "text") return leaveOut("is text for people");
  if (quality.type === "sql") return leaveOut("is a query for the server's own dialect");
  const base = clean({
    id: identifierOf(quality.name ?? `${column ?? "table"}_${quality.metric ?? "rule"}`),
    severity: /^(warn|warning|info|low|medium)$/i.test(quality.severity ?? "") ? "WARN" : "FAIL",
    description: customValue(quality, "description"),
    quarantine: customValue(quality, "quarantine"),
  });
  const zero = quality.mustBe === 0 || quality.mustBeLessOrEqualTo === 0 || quality.mustBeLessThan === 1;
  const args = quality.arguments ?? {};
  switch (quality.metric) {
    case "nullValues":
    case "missingValues":
      if (column === null) return leaveOut("names no column");
      if (zero) return { ...base, type: "not_null", column };
      if (quality.unit === "percent" && quality.mustBeLessOrEqualTo !== undefined)
        return { ...base, type: "max_null_ratio", column, value: quality.mustBeLessOrEqualTo / 100 };
      return leaveOut("compares in a way that contracts do not");
    case "invalidValues": {
      if (column === null) return leaveOut("names no column");
      if (!zero) return leaveOut("allows some invalid values");
      const ignore = customValue(quality, "ignore_nulls");
      if (Array.isArray(args.validValues))
        return clean({
          ...base,
          type: "accepted_values",
          column,
          values: args.validValues,
          ignore_nulls: ignore,
        });
      if (typeof args.pattern === "string")
        return { ...base, type: "pattern", column, pattern: args.pattern };
      return leaveOut("names neither validValues nor a pattern");
    }
    case "duplicateValues": {
      if (!zero) return leaveOut("allows some duplicates");
      const listed = Array.isArray(args.properties)
        ? args.properties.map(String)
        : column === null
          ? []
          : [column];
      if (listed.length === 0) return leaveOut("names no column");
      return { ...base, type: "composite_unique", columns: listed.map((name) => names.get(name) ?? name) };
    }
    case "rowCount":
      return clean({ ...base, type: "row_count_between", ...rowCountBounds(quality) });
    default:
      return leaveOut(`asks for ${quality.metric ?? "nothing"}, which is not known`);
  }
}

function rowCountBounds(quality: OdcsQuality): Record<string, unknown> {
  const [low, high] = quality.mustBeBetween ?? [];
  const exact = typeof quality.mustBe === "number" ? quality.mustBe : undefined;
  const above = quality.mustBeGreaterThan === undefined ? undefined : quality.mustBeGreaterThan + 1;
  const below = quality.mustBeLessThan === undefined ? undefined : quality.mustBeLessThan - 1;
  return {
    min_value: exact ?? quality.mustBeGreaterOrEqualTo ?? above ?? (low === undefined ? undefined : low + 1),
    max_value: exact ?? quality.mustBeLessOrEqualTo ?? below ?? (high === undefined ? undefined : high - 1),
  };
}

/** A name as contracts write identifiers. */
function identifierOf(text: string): string {
  const plain = normaliseName(text.replace(/([a-z0-9])([A-Z])/g, "$1_$2")).replace(/[^a-z0-9_]+/g, "_");
  const name = /^[a-z]/.test(plain) ? plain : `c_${plain}`;
  return name.slice(0, 63);
}

/** Without keys that hold nothing. */
function clean(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
