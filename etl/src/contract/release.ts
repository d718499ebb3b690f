import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { writeFileAtomically } from "@rossmann/core";
import { parseDocument } from "yaml";
import { ContractError } from "./errors.ts";
import { parseContract, readText } from "./read-contract.ts";
import { contractHash, findContract, findVersion, readContractRegistry } from "./registry.ts";

/**
 * Release a version of a contract: its file is checked, and its hash is written into the registry, whose comments and layout
 * stay. From then on the file may not change any more.
 *
 * @returns the hash
 * @throws {ContractError} `contract_unknown`, `contract_version_unknown`, `contract_invalid`, or `contract_released` when the
 *   version has a hash already
 */
export async function releaseVersion(registryPath: string, id: string, version: string): Promise<string> {
  const registry = await readContractRegistry(registryPath);
  const entry = findContract(registry, id);
  const listed = findVersion(entry, version);
  if (listed.sha256 !== undefined)
    throw new ContractError(
      "contract_released",
      "conflict",
      `${id} ${version} is released already (hash ${listed.sha256}); write the change as a new version`,
    );
  const path = resolve(dirname(registry.path), listed.schema_path);
  const text = await readText(path);
  const contract = parseContract(text, basename(path));
  if (contract.contract_version !== version)
    throw new ContractError(
      "contract_invalid",
      "invalid",
      `${basename(path)} says contract_version ${contract.contract_version}, the registry lists it as ${version}; make them agree`,
    );
  const document = parseDocument(await readFile(registry.path, "utf8"));
  const place = ["contracts", registry.contracts.indexOf(entry), "versions", entry.versions.indexOf(listed)];
  const sha256 = contractHash(text);
  document.setIn([...place, "sha256"], sha256);
  writeFileAtomically(registry.path, document.toString({ lineWidth: 0 }));
  return sha256;
}
