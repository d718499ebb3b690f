import { dtypes } from "@rossmann/etl";
import { z } from "zod";

/** A name as contracts, versions and runs have them; anything else is a mistake and not a name that nobody has. */
export const registryName = () =>
  z.string().regex(/^[A-Za-z0-9][\w.:-]{0,127}$/, "must be 1 to 128 letters, digits or one of _ . : -");

export const contractParamsSchema = z.object({ contract_id: registryName() });
export const contractVersionParamsSchema = contractParamsSchema.extend({ version: registryName() });

export const contractDiffQuerySchema = z.object({
  from: registryName().optional().describe("Older version; without it the one before `to` in the registry"),
  to: registryName().optional().describe("Newer version; without it the newest"),
});

const contractHead = {
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  is_active: z.boolean().describe("False for a retired contract: no file may be judged by it"),
};

export const contractSummarySchema = z
  .object({
    ...contractHead,
    latest_version: z.string().nullable().describe("The last of the registry's list"),
    versions_count: z.int(),
  })
  .meta({ id: "ContractSummary" });

export const contractsSchema = z.array(contractSummarySchema);

const versionHead = {
  version: z.string(),
  created_at: z.string().nullable(),
  changed_by: z.string().nullable(),
  changelog: z.string().nullable(),
  schema_path: z.string().describe("Contract file as the registry names it"),
  is_released: z.boolean().describe("A released version may no longer change"),
  sha256: z.string().nullable().describe("Hash of the released file; null for a draft"),
};

export const contractVersionSummarySchema = z.object(versionHead).meta({ id: "ContractVersionSummary" });
export const contractVersionsSchema = z.array(contractVersionSummarySchema);

export const contractDetailSchema = z
  .object({ ...contractHead, versions: contractVersionsSchema.describe("The newest is the last") })
  .meta({ id: "ContractDetail" });

const bound = z.union([z.number(), z.string()]).nullable();

export const contractColumnSchema = z
  .object({
    canonical_name: z.string(),
    dtype: z.enum(dtypes),
    required: z.boolean().describe("The header must be in the file"),
    nullable: z.boolean().describe("A cell may be empty"),
    aliases: z.array(z.string()).describe("Other headers that are understood"),
    description: z.string().nullable(),
    formats: z.array(z.string()).describe("How a date may be written; empty for other types"),
    min: bound,
    max: bound,
    allowed_values: z.array(z.union([z.string(), z.number(), z.boolean()])).nullable(),
    max_length: z.int().nullable().describe("Most characters of a text"),
    sensitive: z.boolean().describe("Values are masked in every report"),
    severity: z.enum(["WARN", "FAIL"]).describe("What a broken cell is"),
  })
  .meta({ id: "ContractColumn" });

export const contractRuleSchema = z
  .object({
    id: z.string(),
    type: z.string().describe("between, accepted_values, max_null_ratio, composite_unique, pattern, sql …"),
    target: z.array(z.string()).describe("Columns it speaks of; none for rules about the whole table"),
    severity: z.enum(["WARN", "FAIL"]),
    sentence: z.string().describe("What it demands"),
    description: z.string().nullable(),
    quarantine: z.boolean().describe("Rows that break it as a warning are kept out of the load"),
  })
  .meta({ id: "ContractRule" });

export const contractProfileSchema = z
  .object({
    required_columns: z.array(z.string()),
    aliases: z.record(z.string(), z.array(z.string())).describe("Canonical name to other headers"),
    dtypes: z.record(z.string(), z.enum(dtypes)).describe("Canonical name to type"),
    description: z.string().nullable(),
    key: z.array(z.string()).describe("Business key, shown with every finding"),
    duplicates: z.enum(["fail", "warn", "keep_first", "allow"]),
    unknown_columns: z.object({ policy: z.enum(["ignore", "warn", "fail"]), keep: z.boolean() }),
    ragged_rows: z.enum(["WARN", "FAIL"]).describe("Rows with more or fewer cells than the header"),
    columns: z.array(contractColumnSchema).describe("In the order of the unified table"),
    rules: z.array(contractRuleSchema).describe("In the order in which they are asked"),
  })
  .meta({ id: "ContractProfile" });

export const contractVersionDetailSchema = z
  .object({
    ...versionHead,
    contract_version: z.string().describe("What the contract file itself says"),
    limits: z.object({
      max_rows: z.int(),
      max_file_size_mb: z.number(),
      max_columns: z.int(),
      max_line_bytes: z.int(),
    }),
    csv: z.object({
      extensions: z.array(z.string()),
      encodings: z.array(z.string()),
      delimiters: z.array(z.string()),
      decimal_separator: z.string(),
      null_values: z.array(z.string()).describe("Words that stand for an empty cell"),
      multiline_cells: z.boolean(),
    }),
    strict_types: z.boolean().describe("Every broken cell is a FAIL"),
    profiles: z.record(z.string(), contractProfileSchema),
  })
  .meta({ id: "ContractVersionDetail" });

export const contractDiffSchema = z
  .object({
    contract_id: z.string(),
    from: z.string().nullable().describe("Null when the contract has only one version"),
    to: z.string(),
    is_breaking: z.boolean(),
    changes: z
      .array(
        z.object({
          path: z.string().describe("Where: profiles.train.columns.sales.min"),
          kind: z.enum(["added", "removed", "changed"]),
          breaking: z.boolean().describe("A file that kept the older version may break the newer one"),
          message: z.string(),
        }),
      )
      .describe("Breaking changes first"),
  })
  .meta({ id: "ContractDiff" });

export type ContractSummary = z.output<typeof contractSummarySchema>;
export type ContractVersionSummary = z.output<typeof contractVersionSummarySchema>;
export type ContractDetail = z.output<typeof contractDetailSchema>;
export type ContractColumn = z.output<typeof contractColumnSchema>;
export type ContractRule = z.output<typeof contractRuleSchema>;
export type ContractProfile = z.output<typeof contractProfileSchema>;
export type ContractVersionDetail = z.output<typeof contractVersionDetailSchema>;
export type ContractDiff = z.output<typeof contractDiffSchema>;
export type ContractDiffQuery = z.input<typeof contractDiffQuerySchema>;
