import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Settings } from "@rossmann/core";
import { z } from "zod";
import { invalidContract } from "../contract/errors.ts";
import { type LoadedContract, loadContract, loadContractFile } from "../contract/registry.ts";
import { parseYaml, YamlMistakes } from "../contract/yaml-source.ts";
import { PreflightError } from "./errors.ts";
import { type PreflightMode, type PreflightSource, preflightModes, preflightSources } from "./outcome.ts";
import { DEFAULT_PROFILES } from "./run-preflight.ts";

/** What a person may say about preflight, on the command line or in a file. */
export interface PreflightChoices {
  mode?: string;
  /** profile of every file that has none of its own */
  profile?: string;
  profiles?: Partial<Record<PreflightSource, string>>;
  contractPath?: string;
  contractId?: string;
  contractVersion?: string;
  registryPath?: string;
  artifactDir?: string;
}

/** What preflight does, decided. */
export interface PreflightOptions {
  mode: PreflightMode;
  profiles: Record<PreflightSource, string>;
  /** folder of the artifacts, absolute; the API reads them from there */
  artifactRoot: string;
  /** the contract; read when it is needed */
  loadContract: () => Promise<LoadedContract>;
}

const CONTRACT_ID = "rossmann_input_contract";
const ARTIFACT_DIR = "etl/reports/preflight";

const fileSchema = z.strictObject({
  preflight: z
    .strictObject({
      mode: z.string().optional(),
      profile: z.string().optional(),
      profile_mapping: z
        .strictObject({
          train: z.string().optional(),
          store: z.string().optional(),
          future: z.string().optional(),
        })
        .optional(),
      contract_path: z.string().optional(),
      contract_id: z.string().optional(),
      contract_version: z.string().optional(),
      artifact_dir: z.string().optional(),
    })
    .optional(),
});

/** Defaults that come with the platform. */
export const shippedConfigPath = resolve(import.meta.dirname, "../../config.yaml");

/**
 * Read `etl/config.yaml`: what applies where neither the command line nor the environment says anything. Relative paths are
 * seen from the file's folder. An absent file says nothing.
 *
 * @throws {ContractError} with the line of every mistake
 */
export function readPreflightFile(path: string = shippedConfigPath): PreflightChoices {
  if (!existsSync(path)) return {};
  try {
    const { preflight = {} } = parseYaml(readFileSync(path, "utf8"), fileSchema).value;
    const seen = (file: string | undefined) =>
      file === undefined ? undefined : resolve(dirname(path), file);
    return {
      mode: preflight.mode,
      profile: preflight.profile,
      profiles: preflight.profile_mapping,
      contractPath: seen(preflight.contract_path),
      contractId: preflight.contract_id,
      contractVersion: preflight.contract_version,
      artifactDir: seen(preflight.artifact_dir),
    };
  } catch (error) {
    if (error instanceof YamlMistakes) throw invalidContract(basename(path), error.mistakes);
    throw error;
  }
}

/** The preflight settings of the environment. */
export function preflightChoicesOf(settings: Settings): PreflightChoices {
  return {
    mode: settings.PREFLIGHT_MODE,
    profile: settings.PREFLIGHT_PROFILE,
    profiles: {
      train: settings.PREFLIGHT_PROFILE_TRAIN,
      store: settings.PREFLIGHT_PROFILE_STORE,
      future: settings.PREFLIGHT_PROFILE_FUTURE,
    },
    contractPath: settings.PREFLIGHT_CONTRACT_PATH,
    contractId: settings.PREFLIGHT_CONTRACT_ID,
    contractVersion: settings.PREFLIGHT_CONTRACT_VERSION,
    registryPath: settings.CONTRACTS_REGISTRY_PATH,
    artifactDir: settings.PREFLIGHT_ARTIFACT_DIR,
  };
}

/**
 * Decide: command line, then environment, then file; empty texts count as absent. The profile of a file is its own of the
 * command line, its own of the environment, the shared one (in the same order), the file's mapping, the default. The
 * contract is the first that anyone names, then the one the data source is linked to.
 *
 * @param sources choices in order of priority: command line, environment, file
 * @param linked  contract of the data source, used before the file's and the default
 * @throws {PreflightError} `preflight_mode_unknown`
 */
export function resolvePreflightOptions(
  sources: [commandLine: PreflightChoices, environment: PreflightChoices, file: PreflightChoices],
  linked?: { id: string | null; version: string | null },
): PreflightOptions {
  const [commandLine, environment, file] = sources;
  const first = (
    pick: (choices: PreflightChoices) => string | undefined,
    from = sources as PreflightChoices[],
  ) => from.map((choices) => pick(choices)?.trim()).find((text) => text !== undefined && text !== "");
  const named = [commandLine, environment];
  const profileOf = (source: PreflightSource) =>
    first((choices) => choices.profiles?.[source], named) ??
    first((choices) => choices.profile) ??
    first((choices) => choices.profiles?.[source], [file]) ??
    DEFAULT_PROFILES[source];
  return {
    mode: parsePreflightMode(first((choices) => choices.mode) ?? "off"),
    profiles: Object.fromEntries(preflightSources.map((source) => [source, profileOf(source)])) as Record<
      PreflightSource,
      string
    >,
    artifactRoot: resolve(first((choices) => choices.artifactDir) ?? ARTIFACT_DIR),
    loadContract: () => {
      const registryPath = first((choices) => choices.registryPath);
      // A version named without a contract is the version of whichever contract is found.
      let version: string | undefined;
      for (const choices of sources) {
        if (choices === file && linked?.id) break;
        version ??= first((one) => one.contractVersion, [choices]);
        const path = first((one) => one.contractPath, [choices]);
        if (path !== undefined) return loadContractFile(path);
        const id = first((one) => one.contractId, [choices]);
        if (id !== undefined) return loadContract(id, version, { registryPath });
      }
      return linked?.id
        ? loadContract(linked.id, version ?? linked.version ?? undefined, { registryPath })
        : loadContract(CONTRACT_ID, version, { registryPath });
    },
  };
}

/** A mode by its word, case and blanks around it aside. @throws {PreflightError} `preflight_mode_unknown` */
export function parsePreflightMode(text: string): PreflightMode {
  const mode = preflightModes.find((known) => known === text.trim().toLowerCase());
  if (mode !== undefined) return mode;
  throw new PreflightError(
    "preflight_mode_unknown",
    "invalid",
    `the preflight mode must be ${preflightModes.join(", ")}, got "${text}"`,
  );
}
