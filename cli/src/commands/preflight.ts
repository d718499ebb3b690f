import { createLogger, systemEffects } from "@rossmann/core";
import { type PreflightSource, preflightSources, runPreflight } from "@rossmann/etl";
import { oneOf } from "../options.ts";
import { preflightOptions, tellOutcome } from "../preflight-choices.ts";
import type { CommandModule } from "../run-cli.ts";

interface PreflightCommandOptions {
  source: PreflightSource;
  file: string;
  storeFile?: string;
  contract?: string;
  version?: string;
  contractFile?: string;
  profile?: string;
  mode: "report_only" | "enforce";
  artifactDir?: string;
  json?: boolean;
}

export const preflightCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("preflight")
    .description("examine one file against its input contract; needs no database")
    .requiredOption("--source <source>", "train, store or future", oneOf(...preflightSources))
    .requiredOption("--file <file>", "the CSV file")
    .option("--store-file <file>", "store file, for rules that compare the two")
    .option("--contract <id>", "contract of the registry")
    .option("--version <version>", "version of the contract; default the newest")
    .option("--contract-file <file>", "contract file instead of one of the registry")
    .option("--profile <name>", "profile of the contract")
    .option("--mode <mode>", "report_only or enforce", oneOf("report_only", "enforce"), "report_only")
    .option("--artifact-dir <folder>", "where reports go")
    .option("--json", "one JSON document on stdout")
    .action(async (options: PreflightCommandOptions) => {
      const known = settings();
      const chosen = preflightOptions({}, known, {
        mode: options.mode,
        profiles: { [options.source]: options.profile },
        contractPath: options.contractFile,
        contractId: options.contract,
        contractVersion: options.version,
        artifactDir: options.artifactDir,
      });
      const outcome = await runPreflight({
        source: options.source,
        file: options.file,
        contract: await chosen.loadContract(),
        profile: chosen.profiles[options.source],
        mode: chosen.mode,
        artifactRoot: chosen.artifactRoot,
        related: options.storeFile === undefined ? {} : { [chosen.profiles.store]: options.storeFile },
        onProgress: ({ bytes, totalBytes, rows }) =>
          terminal.progress(
            "preflight: read",
            `${rows.toLocaleString("en-US")} rows, ${Math.round((100 * bytes) / Math.max(totalBytes, 1))} %`,
          ),
        effects: systemEffects(createLogger(known.LOG_LEVEL)),
      });
      tellOutcome(outcome, terminal);
      if (options.json) terminal.answer(JSON.stringify(outcome));
      if (outcome.finalStatus === "FAIL" || outcome.finalStatus === "ERROR") process.exitCode = 1;
    });
};
