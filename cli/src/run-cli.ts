import { AppError, messageOf, readSettings, type Settings } from "@rossmann/core";
import { Command, CommanderError } from "commander";
import { backtestCommand } from "./commands/backtest.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { downCommand } from "./commands/down.ts";
import { etlCommand } from "./commands/etl.ts";
import { forecastCommand } from "./commands/forecast.ts";
import { modelCommand } from "./commands/model.ts";
import { predictCommand } from "./commands/predict.ts";
import { sampleCommand } from "./commands/sample.ts";
import { serveCommand } from "./commands/serve.ts";
import { statusCommand } from "./commands/status.ts";
import { trainCommand } from "./commands/train.ts";
import { upCommand } from "./commands/up.ts";
import { UsageError } from "./errors.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What every command is handed. */
export interface CliContext {
  settings: () => Settings;
  terminal: Terminal;
}

/** Adds one command to the program. */
export type CommandModule = (program: Command, context: CliContext) => void;

const COMMANDS: CommandModule[] = [
  upCommand,
  downCommand,
  statusCommand,
  doctorCommand,
  sampleCommand,
  etlCommand,
  trainCommand,
  backtestCommand,
  predictCommand,
  forecastCommand,
  modelCommand,
  serveCommand,
];

/**
 * Run one command line.
 *
 * @param words the arguments after the program's name
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage. A refusal is one line on stderr.
 */
export async function runCli(words: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const program = new Command("rossmann")
    .description("Sales forecasts for a chain of shops: CSV in, warehouse, forecasts, dashboard.")
    .version("2.0.0")
    .showSuggestionAfterError()
    .exitOverride();
  const context: CliContext = { settings: () => readSettings(), terminal };
  for (const add of COMMANDS) add(program, context);

  try {
    await program.parseAsync(words, { from: "user" });
    // a command may answer and still report failure, like `status` when nothing runs
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has printed its own help or complaint already
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof AppError) {
      terminal.progressDone();
      process.stderr.write(`rossmann: ${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
      return error instanceof UsageError ? 2 : 1;
    }
    terminal.progressDone();
    process.stderr.write(`rossmann: unexpected failure: ${messageOf(error)}\n`);
    if (process.env.LOG_LEVEL === "debug" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 1;
  }
}
