import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "@rossmann/core";
import {
  type ContractDiff,
  type ContractRegistry,
  contractDocument,
  diffContracts,
  findContract,
  findVersion,
  fromOdcs,
  listContracts,
  loadContract,
  loadContractFile,
  readContractRegistry,
  releaseVersion,
  shippedRegistryPath,
  toOdcs,
} from "@rossmann/etl";
import { stringify } from "yaml";
import { NotReadyError } from "../errors.ts";
import type { CliContext, CommandModule } from "../run-cli.ts";
import { textTable } from "../text-table.ts";

const DEFAULT_CONTRACT = "rossmann_input_contract";

export const contractCommand: CommandModule = (program, context) => {
  const contract = program.command("contract").description("the input contracts that files are held against");
  const add = (words: string, description: string) => contract.command(words).description(description);
  const { terminal } = context;

  add("list", "every contract of the registry")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const contracts = listContracts(await registryOf(context));
      if (options.json) return terminal.answer(JSON.stringify(contracts));
      terminal.answer(
        textTable(
          ["contract", "newest", "versions", "in use"],
          contracts.map((one) => [
            one.id,
            one.latest_version ?? "none",
            String(one.versions_count),
            one.is_active ? "yes" : "retired",
          ]),
        ),
      );
    });

  add("show [id]", "one version as a page, in Markdown")
    .option("--version <version>", "default the newest")
    .action(async (id: string | undefined, options: { version?: string }) => {
      terminal.answer(contractDocument((await versionOf(context, id, options.version)).contract).trimEnd());
    });

  add("check <file>", "read a contract file and name every mistake with its line").action(
    async (file: string) => {
      const { version, sha256 } = await loadContractFile(file);
      terminal.answer(`${file} is a usable contract, version ${version}, hash ${sha256}`);
    },
  );

  add("diff [id]", "what changed between two versions; breaking changes end with 1")
    .option("--from <version>", "older version; default the one before --to")
    .option("--to <version>", "newer version; default the newest")
    .option("--json", "one JSON document on stdout")
    .action(async (id: string | undefined, options: { from?: string; to?: string; json?: boolean }) => {
      const diff = await diffOf(context, id ?? DEFAULT_CONTRACT, options.from, options.to);
      terminal.answer(options.json ? JSON.stringify(diff) : diffText(diff));
      if (diff.isBreaking) process.exitCode = 1;
    });

  add("release <version>", "write the hash of a version into the registry: its file may not change any more")
    .option("--contract <id>", "contract of the registry", DEFAULT_CONTRACT)
    .action(async (version: string, options: { contract: string }) => {
      const sha256 = await releaseVersion(registryPath(context), options.contract, version);
      terminal.answer(`${options.contract} ${version} is released with the hash ${sha256}`);
    });

  add("export [id]", "write a version as ODCS 3.1 (Open Data Contract Standard)")
    .option("--version <version>", "default the newest")
    .option("--out <file>", "default the terminal")
    .action(async (id: string | undefined, options: { version?: string; out?: string }) => {
      const entry = findContract(await registryOf(context), id ?? DEFAULT_CONTRACT);
      const { contract: loaded } = await versionOf(context, entry.id, options.version);
      const { document, notes } = toOdcs(loaded, { id: entry.id, name: entry.name });
      write(context, stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }), options.out);
      for (const note of notes) terminal.note(`  other tools will not understand: ${note}`);
    });

  add("import <file>", "make a contract file of an ODCS 3.x document")
    .option("--out <file>", "default the terminal")
    .action(async (file: string, options: { out?: string }) => {
      const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        throw new NotReadyError(`${file} cannot be read (${error.code}): check the path`);
      });
      const { yaml, notes } = fromOdcs(text);
      write(context, yaml, options.out);
      for (const note of notes) terminal.note(`  left out: ${note}`);
    });
};

const registryPath = ({ settings }: CliContext) => settings().CONTRACTS_REGISTRY_PATH ?? shippedRegistryPath;

const registryOf = (context: CliContext): Promise<ContractRegistry> =>
  readContractRegistry(registryPath(context));

/** A version to be read about; retired contracts too. */
const versionOf = (context: CliContext, id = DEFAULT_CONTRACT, version?: string) =>
  loadContract(id, version, { registryPath: registryPath(context), allowInactive: true });

async function diffOf(context: CliContext, id: string, from?: string, to?: string): Promise<ContractDiff> {
  const entry = findContract(await registryOf(context), id);
  const newer = findVersion(entry, to);
  const older = from ?? entry.versions[entry.versions.indexOf(newer) - 1]?.version;
  if (older === undefined)
    throw new NotReadyError(`${id} ${newer.version} is the first version: name another one with --from`);
  const [was, is] = [await versionOf(context, id, older), await versionOf(context, id, newer.version)];
  return diffContracts(was.contract, is.contract);
}

function diffText({ from, to, changes }: ContractDiff): string {
  if (changes.length === 0) return `${from} and ${to} demand the same`;
  return changes
    .map((change) => `${change.breaking ? "BREAKING  " : "          "}${change.message}`)
    .join("\n");
}

function write({ terminal }: CliContext, text: string, file: string | undefined): void {
  if (file === undefined) {
    terminal.answer(text.trimEnd());
    return;
  }
  writeFileAtomically(file, text);
  terminal.note(`written to ${file}`);
}
