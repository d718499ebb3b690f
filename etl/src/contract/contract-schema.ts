import { z } from "zod";

/**
 * The form of a contract file, as a person writes it. One schema gives the check at load time, the types of the whole
 * room and the JSON Schema that editors use. Unknown keys are refused everywhere: a mistyped key would otherwise switch
 * a check off without a word.
 */

export const dtypes = ["string", "int", "float", "date", "bool"] as const;
export type Dtype = (typeof dtypes)[number];

/** How a date may be written. Digits are fixed in number; the separator tells the formats apart. */
export const dateFormats = [
  "YYYY-MM-DD",
  "YYYY/MM/DD",
  "YYYYMMDD",
  "DD.MM.YYYY",
  "DD/MM/YYYY",
  "MM/DD/YYYY",
  "DD-MM-YYYY",
] as const;
export type DateFormat = (typeof dateFormats)[number];

export const encodings = ["utf-8", "windows-1252", "iso-8859-15", "utf-16le"] as const;
export type Encoding = (typeof encodings)[number];

export type Severity = "WARN" | "FAIL";

const severity = (fallback: Severity) =>
  z
    .enum(["WARN", "FAIL", "warn", "fail"])
    .default(fallback)
    .transform((word) => word.toUpperCase() as Severity);

const name = z.string().trim().min(1, "must not be empty");
const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be lower-case letters, digits and _, starting with a letter");
const isoDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date as YYYY-MM-DD")
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text), {
    error: "is not a day of the calendar",
  });
const bound = z.union([z.number(), isoDay]);
const ratio = z.number().min(0).max(1);
const value = z.union([z.string(), z.number(), z.boolean()]);

const column = z
  .strictObject({
    canonical_name: identifier.describe("Name of the column everywhere behind the door"),
    dtype: z.enum(dtypes),
    required: z.boolean().default(false).describe("The header must be in the file"),
    nullable: z
      .boolean()
      .optional()
      .describe("Whether a cell may be empty; without it, a required column may not"),
    aliases: z
      .array(z.string())
      .nullish()
      .describe("Other spellings of the header; case and blanks do not matter"),
    description: z.string().optional(),
    formats: z.array(z.enum(dateFormats)).min(1).optional().describe("dates only; default YYYY-MM-DD"),
    min: bound.optional(),
    max: bound.optional(),
    allowed_values: z.array(value).min(1).optional(),
    max_length: z.int().min(1).optional().describe("strings only, in characters"),
    sensitive: z.boolean().default(false).describe("Values are masked in every report"),
    on_invalid: z
      .enum(["WARN", "FAIL", "warn", "fail"])
      .transform((word) => word.toUpperCase() as Severity)
      .optional()
      .describe("Severity of a broken cell; default FAIL in required columns, else WARN"),
  })
  .describe("One column of the file");

const ruleBase = {
  id: identifier.describe("Unique within the profile; reports, metrics and alerts use it"),
  severity: severity("FAIL"),
  description: z.string().optional(),
  quarantine: z
    .boolean()
    .default(true)
    .describe("Whether rows that break a WARN rule are kept out of the load (rules about single rows)"),
};

const columnRule = z.discriminatedUnion("type", [
  z.strictObject({
    ...ruleBase,
    type: z.literal("between"),
    column: name,
    min_value: bound.optional(),
    max_value: bound.optional(),
    ignore_nulls: z.boolean().default(false).describe("Without it an empty cell breaks the rule"),
  }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("accepted_values"),
    column: name,
    values: z.array(value).min(1),
    ignore_nulls: z.boolean().default(false).describe("Without it an empty cell breaks the rule"),
  }),
  z.strictObject({ ...ruleBase, type: z.literal("max_null_ratio"), column: name, value: ratio }),
  z.strictObject({ ...ruleBase, type: z.literal("not_null"), column: name }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("pattern"),
    column: name,
    pattern: z.string().min(1).describe("RE2 syntax; the whole cell must match; empty cells are left out"),
  }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("monotone"),
    column: name,
    direction: z.enum(["increasing", "decreasing"]).default("increasing"),
    strict: z.boolean().default(false).describe("Equal neighbours break the rule"),
    group_by: z.array(name).default([]).describe("Judge each group of rows on its own, in file order"),
  }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("freshness"),
    column: name,
    max_age_days: z
      .number()
      .min(0)
      .describe("Largest age of the newest date, counted from the day of the run"),
  }),
]);

const tableRule = z.discriminatedUnion("type", [
  z.strictObject({ ...ruleBase, type: z.literal("composite_unique"), columns: z.array(name).min(1) }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("row_count_between"),
    min_value: z.number().min(0).optional(),
    max_value: z.number().min(0).optional(),
  }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("foreign_key"),
    columns: z.array(name).min(1),
    references: z.strictObject({
      profile: name.describe("Profile of the other file"),
      columns: z.array(name).min(1),
    }),
  }),
  z.strictObject({
    ...ruleBase,
    type: z.literal("sql"),
    statement: z
      .string()
      .min(1)
      .describe(
        "One read-only select over the table `unified`, giving the line_number of each row that breaks the rule",
      ),
    column: name.optional().describe("The column that findings point at"),
    timeout_seconds: z.number().min(0.1).max(600).default(30),
  }),
]);

const profile = z.strictObject({
  description: z.string().optional(),
  aliases: z.array(name).default([]).describe("Other names of this profile"),
  key: z.array(name).default([]).describe("Business key, shown with every finding"),
  duplicates: z
    .enum(["fail", "warn", "keep_first", "allow"])
    .default("allow")
    .describe(
      "Rows with the same key: refuse the file, set all of them aside, set aside all but the first, or leave it to the rules",
    ),
  unknown_columns: z
    .strictObject({
      policy: z.enum(["ignore", "warn", "fail"]).default("warn"),
      keep: z.boolean().default(false).describe("Keep them behind the canonical columns"),
    })
    .prefault({}),
  ragged_rows: severity("FAIL").describe("Rows with more or fewer cells than the header"),
  canonical_order: z.array(name).nullish(),
  columns: z.array(column).min(1),
  quality_rules: z
    .strictObject({
      columns: z.array(columnRule).nullish(),
      table: z.array(tableRule).nullish(),
    })
    .nullish(),
});

/** The schema of a contract file. */
export const contractSchema = z
  .strictObject({
    contract_version: name,
    format: z.enum(["csv"]),
    limits: z.strictObject({
      max_rows: z.int().min(1),
      max_file_size_mb: z.number().gt(0).describe("1 MB = 1024 x 1024 bytes"),
      max_columns: z.int().min(1).max(10_000).default(200),
      max_line_bytes: z.int().min(100).max(16_777_216).default(65_536),
    }),
    csv: z
      .strictObject({
        extensions: z.array(z.string().regex(/^\./, "must start with a point")).min(1).default([".csv"]),
        encodings: z.array(z.enum(encodings)).min(1).default(["utf-8"]).describe("Tried in this order"),
        delimiters: z
          .array(z.enum([",", ";", "\t", "|"]))
          .min(1)
          .default([",", ";", "\t"]),
        decimal_separator: z.enum([".", ","]).default("."),
        null_values: z.array(z.string()).default(["NA"]).describe("Words that stand for an empty cell"),
        multiline_cells: z
          .boolean()
          .default(false)
          .describe(
            "Whether a quoted cell may hold line ends; without it an open quote spoils one line only",
          ),
      })
      .prefault({}),
    strict_types: z
      .boolean()
      .default(false)
      .describe("Every broken cell is a FAIL, whatever its column says"),
    profiles: z
      .record(identifier, profile)
      .refine((map) => Object.keys(map).length > 0, { error: "needs at least one profile" }),
  })
  .meta({
    title: "Input contract",
    description: "What a delivered file must look like before it is let in.",
  });

/** A contract as it is written, defaults filled in. Only `readContract` makes one that can be trusted. */
export type ContractFile = z.infer<typeof contractSchema>;
export type Profile = z.infer<typeof profile>;
export type Column = z.infer<typeof column>;
export type ColumnRule = z.infer<typeof columnRule>;
export type TableRule = z.infer<typeof tableRule>;
export type Rule = ColumnRule | TableRule;
export type RuleType = Rule["type"];
/** A rule of one type. */
export type RuleOf<T extends RuleType> = Extract<Rule, { type: T }>;

declare const contractBrand: unique symbol;
/** A contract that was read and cross-checked. */
export type Contract = ContractFile & { readonly [contractBrand]: true };

/** Whether a cell of the column may be empty. */
export function isNullable(column: Column): boolean {
  return column.nullable ?? !column.required;
}

/** Severity of a cell of this column that breaks its type, range or nullability. */
export function cellSeverity(contract: ContractFile, column: Column): Severity {
  if (contract.strict_types) return "FAIL";
  return column.on_invalid ?? (column.required ? "FAIL" : "WARN");
}

/** All rules of a profile in the order in which they run: columns first, then the table. */
export function rulesOf(profile: Profile): Rule[] {
  return [...(profile.quality_rules?.columns ?? []), ...(profile.quality_rules?.table ?? [])];
}

/** Columns in the order of the unified table. */
export function canonicalColumns(profile: Profile): Column[] {
  const order = profile.canonical_order ?? [];
  const rank = new Map(order.map((canonical, index) => [canonical, index]));
  const last = order.length;
  return profile.columns
    .map((item, index) => ({ item, at: rank.get(item.canonical_name) ?? last + index }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
