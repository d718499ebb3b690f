import type { Settings } from "@rossmann/core";
import {
  type PreflightChoices,
  type PreflightOptions,
  type PreflightOutcome,
  preflightChoicesOf,
  readPreflightFile,
  resolvePreflightOptions,
} from "@rossmann/etl";
import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** Options of every command that examines files. */
export interface PreflightFlags {
  preflightMode?: string;
  preflightProfile?: string;
  preflightProfileTrain?: string;
  preflightProfileStore?: string;
  preflightProfileFuture?: string;
  preflightContract?: string;
  preflightArtifactDir?: string;
}

export const withPreflight = (command: Command): Command =>
  command
    .option(
      "--preflight-mode <mode>",
      "off, report_only or enforce; default PREFLIGHT_MODE, else etl/config.yaml",
    )
    .option("--preflight-profile <name>", "profile of the contract for every file")
    .option("--preflight-profile-train <name>", "profile for the sales file")
    .option("--preflight-profile-store <name>", "profile for the store file")
    .option("--preflight-profile-future <name>", "profile for the file of coming days")
    .option("--preflight-contract <file>", "contract file to use instead of one of the registry")
    .option("--preflight-artifact-dir <folder>", "where reports go");

/** What preflight does for a command: its options, then the environment, then `etl/config.yaml`. */
export function preflightOptions(
  flags: PreflightFlags,
  settings: Settings,
  more: PreflightChoices = {},
  linked?: { id: string | null; version: string | null },
): PreflightOptions {
  const chosen: PreflightChoices = {
    mode: flags.preflightMode,
    profile: flags.preflightProfile,
    profiles: {
      train: flags.preflightProfileTrain,
      store: flags.preflightProfileStore,
      future: flags.preflightProfileFuture,
    },
    contractPath: flags.preflightContract,
    artifactDir: flags.preflightArtifactDir,
    ...more,
  };
  return resolvePreflightOptions([chosen, preflightChoicesOf(settings), readPreflightFile()], linked);
}

/** Say what an examination found: the verdict, each finding, where the report is. */
export function tellOutcome(outcome: PreflightOutcome, terminal: Terminal): void {
  if (outcome.mode === "off") return;
  const count = (n: number) => n.toLocaleString("en-US");
  terminal.note(
    `preflight ${outcome.source}: ${outcome.finalStatus}, ${count(outcome.rowsAccepted)} of ${count(outcome.rowsRead)} rows are clean${outcome.blocked ? "; blocked" : ""}`,
  );
  for (const finding of outcome.findings)
    terminal.note(`  ${finding.severity}: ${finding.check}: ${finding.message}`);
  for (const rule of outcome.rules)
    if (rule.status === "ERROR") terminal.note(`  ERROR: ${rule.rule_id}: ${rule.message}`);
  if (outcome.artifacts.html !== undefined) terminal.note(`  report: ${outcome.artifacts.html}`);
}
