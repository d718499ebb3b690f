import {
  type Column,
  type ContractFile,
  type DateFormat,
  type Dtype,
  isNullable,
  type Profile,
  type Rule,
} from "./contract-schema.ts";
import {
  ENGINE,
  type OdcsCustomProperty,
  type OdcsDocument,
  type OdcsObject,
  type OdcsProperty,
  type OdcsQuality,
} from "./odcs-document.ts";
import { ruleSentence } from "./rule-sentence.ts";

const LOGICAL_TYPES: Record<Dtype, string> = {
  string: "string",
  int: "integer",
  float: "number",
  date: "date",
  bool: "boolean",
};

/** A contract in the open standard, and what other tools will not understand of it. */
export interface OdcsExport {
  document: OdcsDocument;
  notes: string[];
}

/**
 * Write a contract as an ODCS 3.1 document. What the standard has words for is said in them; the rest travels as custom
 * properties and custom rules, so that {@link fromOdcs} gives the same contract back.
 *
 * @param name id and name of the contract in the registry
 */
export function toOdcs(contract: ContractFile, name: { id: string; name: string }): OdcsExport {
  const notes: string[] = [];
  return {
    document: {
      apiVersion: "v3.1.0",
      kind: "DataContract",
      id: name.id,
      name: name.name,
      version: contract.contract_version,
      status: "active",
      schema: Object.entries(contract.profiles).map(([own, profile]) => objectOf(own, profile, notes)),
      customProperties: custom({
        format: contract.format,
        limits: contract.limits,
        csv: contract.csv,
        strict_types: contract.strict_types,
      }),
    },
    notes,
  };
}

function objectOf(name: string, profile: Profile, notes: string[]): OdcsObject {
  const columnRules = profile.quality_rules?.columns ?? [];
  return {
    name,
    logicalType: "object",
    physicalType: "csv",
    ...(profile.description === undefined ? {} : { description: profile.description }),
    properties: profile.columns.map((column) =>
      propertyOf(
        column,
        profile,
        columnRules.filter((rule) => rule.column === column.canonical_name),
        notes,
      ),
    ),
    quality: (profile.quality_rules?.table ?? []).map((rule) => qualityOf(rule, notes)),
    customProperties: custom({
      aliases: profile.aliases,
      duplicates: profile.duplicates,
      unknown_columns: profile.unknown_columns,
      ragged_rows: profile.ragged_rows,
      canonical_order: profile.canonical_order ?? undefined,
    }),
  };
}

function propertyOf(column: Column, profile: Profile, rules: Rule[], notes: string[]): OdcsProperty {
  const place = profile.key.indexOf(column.canonical_name);
  const options = typeOptions(column);
  const allowed: OdcsQuality[] =
    column.allowed_values === undefined
      ? []
      : [
          {
            name: `${column.canonical_name}_allowed_values`,
            type: "library",
            metric: "invalidValues",
            arguments: { validValues: column.allowed_values },
            mustBe: 0,
            unit: "rows",
            dimension: "conformity",
            customProperties: custom({ check: "allowed_values" }),
          },
        ];
  return {
    name: column.canonical_name,
    logicalType: LOGICAL_TYPES[column.dtype],
    ...(column.description === undefined ? {} : { description: column.description }),
    // In the standard, required speaks of cells, not of the header.
    required: !isNullable(column),
    ...(place < 0 ? {} : { primaryKey: true, primaryKeyPosition: place + 1 }),
    ...(column.sensitive ? { classification: "restricted" } : {}),
    ...(Object.keys(options).length === 0 ? {} : { logicalTypeOptions: options }),
    quality: [...allowed, ...rules.map((rule) => qualityOf(rule, notes))],
    customProperties: custom({
      header_required: column.required,
      nullable: column.nullable,
      aliases: column.aliases ?? [],
      formats: column.formats,
      on_invalid: column.on_invalid,
      sensitive: column.sensitive || undefined,
    }),
  };
}

function typeOptions(column: Column): Record<string, unknown> {
  return {
    ...(column.min === undefined ? {} : { minimum: column.min }),
    ...(column.max === undefined ? {} : { maximum: column.max }),
    ...(column.max_length === undefined ? {} : { maxLength: column.max_length }),
    ...(column.dtype === "date" ? { format: jdkFormat(column.formats?.[0] ?? "YYYY-MM-DD") } : {}),
  };
}

/** A date format as the standard writes it (JDK DateTimeFormatter). */
function jdkFormat(format: DateFormat): string {
  return format.replace("YYYY", "yyyy").replace("DD", "dd");
}

function qualityOf(rule: Rule, notes: string[]): OdcsQuality {
  const base: OdcsQuality = {
    name: rule.id,
    description: rule.description ?? ruleSentence(rule),
    severity: rule.severity === "FAIL" ? "error" : "warning",
    customProperties: custom({
      description: rule.description,
      quarantine: rule.quarantine ? undefined : false,
      ignore_nulls: "ignore_nulls" in rule && rule.ignore_nulls ? true : undefined,
    }),
  };
  const library = (metric: string, dimension: string, rest: Partial<OdcsQuality>): OdcsQuality => ({
    ...base,
    type: "library",
    metric,
    dimension,
    ...rest,
  });
  switch (rule.type) {
    case "not_null":
      return library("nullValues", "completeness", { unit: "rows", mustBe: 0 });
    case "max_null_ratio":
      return library("nullValues", "completeness", {
        unit: "percent",
        mustBeLessOrEqualTo: Number((rule.value * 100).toPrecision(12)),
      });
    case "accepted_values":
      return library("invalidValues", "conformity", {
        unit: "rows",
        mustBe: 0,
        arguments: { validValues: rule.values },
      });
    case "pattern":
      return library("invalidValues", "conformity", {
        unit: "rows",
        mustBe: 0,
        arguments: { pattern: rule.pattern },
      });
    case "composite_unique":
      return library("duplicateValues", "uniqueness", {
        unit: "rows",
        mustBe: 0,
        arguments: { properties: rule.columns },
      });
    case "row_count_between":
      return library("rowCount", "completeness", rowCountOperator(rule.min_value, rule.max_value));
    default:
      notes.push(
        `the rule ${rule.id} (${rule.type}) has no word in the standard; it travels as a custom rule of ${ENGINE}`,
      );
      return { ...base, type: "custom", engine: ENGINE, implementation: { ...rule } };
  }
}

/** Bounds of `mustBeBetween` are exclusive in the standard, those of a contract are not. */
function rowCountOperator(min: number | undefined, max: number | undefined): Partial<OdcsQuality> {
  if (max === undefined) return { mustBeGreaterOrEqualTo: min ?? 0 };
  if (min === undefined) return { mustBeLessOrEqualTo: max };
  return { mustBeBetween: [Math.ceil(min) - 1, Math.floor(max) + 1] };
}

function custom(values: Record<string, unknown>): OdcsCustomProperty[] {
  return Object.entries(values).flatMap(([property, value]) =>
    value === undefined ? [] : [{ property, value }],
  );
}
