import { basename, isAbsolute } from "node:path";
import {
  type Contract,
  type ContractFile,
  canonicalColumns,
  cellSeverity,
  type Dtype,
  isNullable,
  type Profile,
  type Rule,
  rulesOf,
} from "./contract-schema.ts";
import { columnsOf } from "./read-contract.ts";
import {
  type ContractEntry,
  type ContractRegistry,
  type ContractVersionEntry,
  findContract,
  findVersion,
  loadContract,
} from "./registry.ts";
import { ruleSentence } from "./rule-sentence.ts";

/** A contract in the list of all. */
export interface ContractSummary {
  id: string;
  name: string;
  description: string | null;
  is_active: boolean;
  /** the last of the registry's list */
  latest_version: string | null;
  versions_count: number;
}

/** A version in the list of a contract's versions. */
export interface ContractVersionSummary {
  version: string;
  created_at: string | null;
  changed_by: string | null;
  changelog: string | null;
  /** as the registry writes it; only the file's name where that is a path of the machine */
  schema_path: string;
  is_released: boolean;
  sha256: string | null;
}

export interface ContractDetail {
  id: string;
  name: string;
  description: string | null;
  is_active: boolean;
  versions: ContractVersionSummary[];
}

/** One profile as clients read it: the three maps of old, and everything else behind them. */
export interface ProfileSummary {
  required_columns: string[];
  /** canonical name → other spellings */
  aliases: Record<string, string[]>;
  /** canonical name → type */
  dtypes: Record<string, Dtype>;
  description: string | null;
  key: string[];
  duplicates: Profile["duplicates"];
  unknown_columns: Profile["unknown_columns"];
  ragged_rows: Profile["ragged_rows"];
  columns: ColumnSummary[];
  rules: RuleSummary[];
}

export interface ColumnSummary {
  canonical_name: string;
  dtype: Dtype;
  required: boolean;
  nullable: boolean;
  aliases: string[];
  description: string | null;
  formats: string[];
  min: number | string | null;
  max: number | string | null;
  allowed_values: (string | number | boolean)[] | null;
  max_length: number | null;
  sensitive: boolean;
  /** what a broken cell is */
  severity: Rule["severity"];
}

export interface RuleSummary {
  id: string;
  type: Rule["type"];
  /** the columns it speaks of; none for rules about the whole table */
  target: string[];
  severity: Rule["severity"];
  /** what it demands, in one sentence */
  sentence: string;
  description: string | null;
  quarantine: boolean;
}

export interface ContractVersionDetail extends ContractVersionSummary {
  contract_version: string;
  limits: Contract["limits"];
  csv: Contract["csv"];
  strict_types: boolean;
  profiles: Record<string, ProfileSummary>;
}

/** Every contract of the registry, in its order. */
export function listContracts(registry: ContractRegistry): ContractSummary[] {
  return registry.contracts.map((entry) => ({
    ...head(entry),
    latest_version: entry.versions.at(-1)?.version ?? null,
    versions_count: entry.versions.length,
  }));
}

/** One contract with its versions. @throws {ContractError} `contract_unknown` */
export function describeContract(registry: ContractRegistry, id: string): ContractDetail {
  const entry = findContract(registry, id);
  return { ...head(entry), versions: entry.versions.map(versionSummary) };
}

/** One version with what its file says. Retired contracts can be read too. @throws as {@link loadContract} */
export async function describeContractVersion(
  registry: ContractRegistry,
  id: string,
  version: string,
): Promise<ContractVersionDetail> {
  const listed = findVersion(findContract(registry, id), version);
  const { contract } = await loadContract(id, version, { registryPath: registry.path, allowInactive: true });
  return {
    ...versionSummary(listed),
    contract_version: contract.contract_version,
    limits: contract.limits,
    csv: contract.csv,
    strict_types: contract.strict_types,
    profiles: Object.fromEntries(
      Object.entries(contract.profiles).map(([name, profile]) => [name, describeProfile(contract, profile)]),
    ),
  };
}

/** One profile, columns in the order of the unified table. */
export function describeProfile(contract: ContractFile, profile: Profile): ProfileSummary {
  const columns = canonicalColumns(profile);
  return {
    required_columns: columns.filter((column) => column.required).map((column) => column.canonical_name),
    aliases: Object.fromEntries(columns.map((column) => [column.canonical_name, column.aliases ?? []])),
    dtypes: Object.fromEntries(columns.map((column) => [column.canonical_name, column.dtype])),
    description: profile.description ?? null,
    key: profile.key,
    duplicates: profile.duplicates,
    unknown_columns: profile.unknown_columns,
    ragged_rows: profile.ragged_rows,
    columns: columns.map((column) => ({
      canonical_name: column.canonical_name,
      dtype: column.dtype,
      required: column.required,
      nullable: isNullable(column),
      aliases: column.aliases ?? [],
      description: column.description ?? null,
      formats: column.dtype === "date" ? (column.formats ?? ["YYYY-MM-DD"]) : [],
      min: column.min ?? null,
      max: column.max ?? null,
      allowed_values: column.allowed_values ?? null,
      max_length: column.max_length ?? null,
      sensitive: column.sensitive,
      severity: cellSeverity(contract, column),
    })),
    rules: rulesOf(profile).map((rule) => ({
      id: rule.id,
      type: rule.type,
      target: columnsOf(rule),
      severity: rule.severity,
      sentence: ruleSentence(rule),
      description: rule.description ?? null,
      quarantine: rule.quarantine,
    })),
  };
}

function head(entry: ContractEntry) {
  return {
    id: entry.id,
    name: entry.name,
    description: entry.description ?? null,
    is_active: entry.is_active,
  };
}

function versionSummary(listed: ContractVersionEntry): ContractVersionSummary {
  return {
    version: listed.version,
    created_at: listed.created_at ?? null,
    changed_by: listed.changed_by ?? null,
    changelog: listed.changelog ?? null,
    schema_path: isAbsolute(listed.schema_path) ? basename(listed.schema_path) : listed.schema_path,
    is_released: listed.sha256 !== undefined,
    sha256: listed.sha256 ?? null,
  };
}
