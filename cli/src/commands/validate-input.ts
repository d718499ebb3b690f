import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { createLogger, systemEffects } from "@rossmann/core";
import { type PreflightOutcome, type PreflightSource, runPreflight } from "@rossmann/etl";
import { NotReadyError, UsageError } from "../errors.ts";
import { preflightOptions, tellOutcome } from "../preflight-choices.ts";
import type { CommandModule } from "../run-cli.ts";

interface ValidateOptions {
  file: string;
  profile: string;
  contract?: string;
  output?: string;
  emitUnified?: boolean;
  unifiedOutput?: string;
  manifestOutput?: string;
}

const SOURCES: Record<string, PreflightSource> = { train: "train", store: "store", known_future: "future" };

export const validateInputCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("validate-input")
    .description("examine one file and write its report where you say: scripts/run_input_validation.sh")
    .requiredOption("--file <file>", "the CSV file")
    .requiredOption("--profile <name>", "train, store or known_future")
    .option("--contract <file>", "contract file; default the registry's contract")
    .option("--output <file>", "the report; default validation_reports/<file>_<time>.json")
    .option("--emit-unified", "also write the file in the contract's canonical form, with its manifest")
    .option("--unified-output <file>", "default validation_reports/<file>_unified_<time>.csv")
    .option("--manifest-output <file>", "default validation_reports/<file>_manifest_<time>.json")
    .action(async (options: ValidateOptions) => {
      const source = SOURCES[options.profile];
      if (source === undefined)
        throw new UsageError(
          `--profile is "${options.profile}": expected one of ${Object.keys(SOURCES).join(", ")}`,
        );
      if (!existsSync(options.file))
        throw new NotReadyError(`there is no file ${resolve(options.file)}: check the path`);
      const known = settings();
      const folder = mkdtempSync(join(tmpdir(), "rossmann-validation-"));
      try {
        const chosen = preflightOptions({}, known, {
          mode: "report_only",
          profiles: { [source]: options.profile },
          contractPath: options.contract,
          artifactDir: folder,
        });
        const outcome = await runPreflight({
          source,
          file: options.file,
          contract: await chosen.loadContract(),
          profile: options.profile,
          mode: "report_only",
          artifactRoot: folder,
          related: {},
          effects: systemEffects(createLogger(known.LOG_LEVEL)),
        });
        tellOutcome({ ...outcome, artifacts: {} }, terminal);
        const isGood = outcome.finalStatus === "PASS" || outcome.finalStatus === "WARN";
        terminal.answer(
          `${outcome.finalStatus}  ${options.file}  (${outcome.contractId} ${outcome.contractVersion}, profile ${options.profile})`,
        );
        for (const [what, path] of keep(options, outcome)) terminal.answer(`${what.padEnd(8)} ${path}`);
        if (!isGood) process.exitCode = 1;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
};

/** Copy the reports out of the run's folder. @returns what was written where */
function keep(options: ValidateOptions, outcome: PreflightOutcome): [string, string][] {
  const stem = basename(options.file, extname(options.file));
  const time = outcome.createdAt.replaceAll(/[-:]|\.\d+/g, "");
  const place = (given: string | undefined, infix: string, ending: string) =>
    resolve(given ?? join("validation_reports", `${stem}${infix}_${time}.${ending}`));
  const wanted: [string, string | undefined, string][] = [
    ["report", outcome.artifacts.validation, place(options.output, "", "json")],
  ];
  if (options.emitUnified) {
    wanted.push(
      ["unified", outcome.artifacts.unified_csv, place(options.unifiedOutput, "_unified", "csv")],
      ["manifest", outcome.artifacts.manifest, place(options.manifestOutput, "_manifest", "json")],
    );
  }
  return wanted.flatMap(([what, from, to]): [string, string][] => {
    if (from === undefined) return [];
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    return [[what, to]];
  });
}
