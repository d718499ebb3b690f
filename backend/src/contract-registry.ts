import type { Settings } from "@rossmann/core";
import {
  type Contract,
  ContractError,
  type ContractRegistry,
  loadContract,
  readContractRegistry,
} from "@rossmann/etl";
import { HttpRefusal } from "./errors.ts";

/** What is wrong with the server's own files and not with the request. */
const OURS: ReadonlySet<string> = new Set([
  "contract_registry_missing",
  "contract_file_missing",
  "contract_invalid",
]);

/**
 * Ask the registry of contracts, which is read anew each time: a version that was added serves at once.
 *
 * @param ask  gets the registry
 * @throws {HttpRefusal} 500 with the reason when the registry or a contract file cannot be used
 */
export async function askContracts<Answer>(
  settings: Settings,
  ask: (registry: ContractRegistry) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(await readContractRegistry(settings.CONTRACTS_REGISTRY_PATH));
  } catch (error) {
    if (error instanceof ContractError && OURS.has(error.code))
      throw new HttpRefusal(500, error.code, error.message, { cause: error });
    throw error;
  }
}

/** What one version says, for reading: a retired contract can still be read about. @throws as {@link loadContract} */
export async function readVersion(
  registry: ContractRegistry,
  id: string,
  version: string,
): Promise<Contract> {
  const loaded = await loadContract(id, version, { registryPath: registry.path, allowInactive: true });
  return loaded.contract;
}
