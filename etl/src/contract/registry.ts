import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { messageOf } from "@rossmann/core";
import { z } from "zod";
import type { Contract, Profile } from "./contract-schema.ts";
import { ContractError, invalidContract } from "./errors.ts";
import { parseContract, readText } from "./read-contract.ts";
import { parseYaml, YamlMistakes } from "./yaml-source.ts";

const versionSchema = z.strictObject({
  version: z.string().min(1),
  created_at: z.string().optional(),
  changed_by: z.string().optional(),
  changelog: z.string().optional(),
  schema_path: z.string().min(1).describe("Relative to the registry's folder, or absolute"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional()
    .describe("Recorded when the version is released; a version without it is a draft"),
});

const registrySchema = z.strictObject({
  version: z.string().default("v1"),
  contracts: z.array(
    z.strictObject({
      id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, "must be letters, digits, _ . or -"),
      name: z.string().min(1),
      description: z.string().optional(),
      is_active: z.boolean().default(true),
      versions: z.array(versionSchema),
    }),
  ),
});

export type ContractVersionEntry = z.infer<typeof versionSchema>;
export type ContractEntry = z.infer<typeof registrySchema>["contracts"][number];

/** What the registry file lists. `path` is the file itself. */
export interface ContractRegistry {
  path: string;
  version: string;
  contracts: ContractEntry[];
}

/** A contract with the name under which the registry lists it. */
export interface LoadedContract {
  /** id in the registry; `null` when the file was named directly */
  id: string | null;
  version: string;
  contract: Contract;
  /** file it was read from; never shown to clients */
  path: string;
  /** SHA-256 of its text, line ends as LF */
  sha256: string;
  isReleased: boolean;
}

/** The registry that comes with the platform. */
export const shippedRegistryPath = resolve(
  import.meta.dirname,
  "../../../config/input_contract/contracts_registry.yaml",
);

/**
 * Where a registry is: a relative path is seen from the working directory, and where nothing is there, from the platform's own
 * folder, so that the setting means the same wherever a command is started.
 */
function located(path: string): string {
  const [here, own] = [resolve(path), resolve(import.meta.dirname, "../../..", path)];
  return !existsSync(here) && existsSync(own) ? own : here;
}

/**
 * Read the registry of contracts.
 *
 * @param given the YAML file; `~` is not expanded
 * @throws {ContractError} `contract_registry_missing`, or `contract_invalid` with the line of every mistake
 */
export async function readContractRegistry(given: string = shippedRegistryPath): Promise<ContractRegistry> {
  const path = located(given);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ContractError(
      "contract_registry_missing",
      "not_found",
      `the contract registry ${basename(path)} cannot be read (${(error as NodeJS.ErrnoException).code ?? messageOf(error)}); check CONTRACTS_REGISTRY_PATH`,
      [],
      { cause: error },
    );
  }
  try {
    const { value, lineOf } = parseYaml(text, registrySchema);
    const mistakes = value.contracts.flatMap((entry, index) => {
      const at = ["contracts", index];
      const twice = value.contracts.findIndex((other) => other.id === entry.id) < index;
      const versions = entry.versions.flatMap((item, place) =>
        entry.versions.findIndex((other) => other.version === item.version) < place
          ? [
              {
                line: lineOf([...at, "versions", place, "version"]),
                path: "",
                message: `${entry.id} lists the version ${item.version} twice`,
              },
            ]
          : [],
      );
      return twice
        ? [
            ...versions,
            { line: lineOf([...at, "id"]), path: "", message: `the contract ${entry.id} is listed twice` },
          ]
        : versions;
    });
    if (mistakes.length > 0) throw invalidContract(basename(path), mistakes);
    return { path, ...value };
  } catch (error) {
    if (error instanceof YamlMistakes) throw invalidContract(basename(path), error.mistakes);
    throw error;
  }
}

/** One entry of the registry. @throws {ContractError} `contract_unknown`, naming those that exist */
export function findContract(registry: ContractRegistry, id: string): ContractEntry {
  const entry = registry.contracts.find((item) => item.id === id);
  if (entry !== undefined) return entry;
  const known = registry.contracts.map((item) => item.id).join(", ") || "none";
  throw new ContractError(
    "contract_unknown",
    "not_found",
    `there is no contract ${id}; the registry lists ${known}`,
  );
}

/** One version of an entry; without a name, the newest (the last in the list). @throws `contract_version_unknown` */
export function findVersion(entry: ContractEntry, version?: string): ContractVersionEntry {
  const found =
    version === undefined ? entry.versions.at(-1) : entry.versions.find((item) => item.version === version);
  if (found !== undefined) return found;
  const known = entry.versions.map((item) => item.version).join(", ") || "none";
  throw new ContractError(
    "contract_version_unknown",
    "not_found",
    `the contract ${entry.id} has no version ${version ?? "at all"}; the registry lists ${known}`,
  );
}

/**
 * Load one version of a contract through the registry.
 *
 * @param version default: the newest
 * @param options.registryPath  default: the registry that comes with the platform
 * @param options.allowInactive reading about a retired contract is allowed, judging files by it is not
 * @throws {ContractError} `contract_unknown`, `contract_version_unknown`, `contract_inactive`, `contract_file_missing`,
 *   `contract_changed` when a released file no longer has its recorded hash, `contract_invalid`
 */
export async function loadContract(
  id: string,
  version?: string,
  options: { registryPath?: string; allowInactive?: boolean } = {},
): Promise<LoadedContract> {
  const registry = await readContractRegistry(options.registryPath);
  const entry = findContract(registry, id);
  if (!entry.is_active && options.allowInactive !== true)
    throw new ContractError(
      "contract_inactive",
      "conflict",
      `the contract ${id} is retired (is_active: false in the registry); choose another one for this data source`,
    );
  const listed = findVersion(entry, version);
  const path = resolve(dirname(registry.path), listed.schema_path);
  const text = await readText(path);
  const sha256 = contractHash(text);
  if (listed.sha256 !== undefined && listed.sha256 !== sha256)
    throw new ContractError(
      "contract_changed",
      "conflict",
      `${id} ${listed.version} was released with the hash ${listed.sha256}, but ${basename(path)} now has ${sha256}; put the released text back and write the change as a new version`,
    );
  const contract = parseContract(text, basename(path));
  if (contract.contract_version !== listed.version)
    throw new ContractError(
      "contract_invalid",
      "invalid",
      `${basename(path)} says contract_version ${contract.contract_version}, the registry lists it as ${listed.version}; make them agree`,
    );
  return { id, version: listed.version, contract, path, sha256, isReleased: listed.sha256 !== undefined };
}

/** Load a contract file that is named directly, outside any registry. */
export async function loadContractFile(path: string): Promise<LoadedContract> {
  const text = await readText(path);
  const contract = parseContract(text, basename(path));
  return {
    id: null,
    version: contract.contract_version,
    contract,
    path: resolve(path),
    sha256: contractHash(text),
    isReleased: false,
  };
}

/** SHA-256 of a contract's text; a checkout that writes CRLF does not change it. */
export function contractHash(text: string): string {
  return createHash("sha256")
    .update(text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"))
    .digest("hex");
}

/** A profile by its name or one of its aliases. @throws {ContractError} `contract_profile_unknown` */
export function findProfile(contract: Contract, name: string): { name: string; profile: Profile } {
  for (const [own, profile] of Object.entries(contract.profiles))
    if (own === name || profile.aliases.includes(name)) return { name: own, profile };
  throw new ContractError(
    "contract_profile_unknown",
    "not_found",
    `the contract has no profile ${name}; it has ${Object.keys(contract.profiles).join(", ")}`,
  );
}
