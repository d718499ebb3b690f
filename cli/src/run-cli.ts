import { AppError, messageOf, readSettings, type Settings } from "@rossmann/core";
import { Command, CommanderError } from "commander";
import { UsageError } from "./errors.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What every command is handed. */
export interface CliContext {
  settings: () => Settings;
  terminal: Terminal;
}

/** Adds one command to the program. */
export type CommandModule = (program: Command, context: CliContext) => void;

/** Each command by its name, read only when it is asked for: `status` should not wait for the trainer to load. */
const COMMANDS: Record<string, () => Promise<CommandModule>> = {
  up: async () => (await import("./commands/up.ts")).upCommand,
  bootstrap: async () => (await import("./commands/bootstrap.ts")).bootstrapCommand,
  check: async () => (await import("./commands/check.ts")).checkCommand,
  down: async () => (await import("./commands/down.ts")).downCommand,
  status: async () => (await import("./commands/status.ts")).statusCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  "log-level": async () => (await import("./commands/log-level.ts")).logLevelCommand,
  migrate: async () => (await import("./commands/migrate.ts")).migrateCommand,
  "create-database": async () => (await import("./commands/create-database.ts")).createDatabaseCommand,
  backup: async () => (await import("./commands/backup.ts")).backupCommand,
  restore: async () => (await import("./commands/restore.ts")).restoreCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  shard: async () => (await import("./commands/shard.ts")).shardCommand,
  sample: async () => (await import("./commands/sample.ts")).sampleCommand,
  etl: async () => (await import("./commands/etl.ts")).etlCommand,
  train: async () => (await import("./commands/train.ts")).trainCommand,
  backtest: async () => (await import("./commands/backtest.ts")).backtestCommand,
  contract: async () => (await import("./commands/contract.ts")).contractCommand,
  preflight: async () => (await import("./commands/preflight.ts")).preflightCommand,
  "validate-input": async () => (await import("./commands/validate-input.ts")).validateInputCommand,
  predict: async () => (await import("./commands/predict.ts")).predictCommand,
  forecast: async () => (await import("./commands/forecast.ts")).forecastCommand,
  model: async () => (await import("./commands/model.ts")).modelCommand,
  keys: async () => (await import("./commands/keys.ts")).keysCommand,
  serve: async () => (await import("./commands/serve.ts")).serveCommand,
  retention: async () => (await import("./commands/retention.ts")).retentionCommand,
  notify: async () => (await import("./commands/notify.ts")).notifyCommand,
  "webhook-sink": async () => (await import("./commands/webhook-sink.ts")).webhookSinkCommand,
  worker: async () => (await import("./commands/worker.ts")).workerCommand,
};

/**
 * Run one command line.
 *
 * @param words the arguments after the program's name
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage. A refusal is one line on stderr.
 */
export async function runCli(words: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const program = newProgram();
  const context: CliContext = { settings: () => readSettings(), terminal };
  for (const load of asked(words)) (await load())(program, context);

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

/** The command that is meant; all of them for help, or when none is. */
function asked(words: string[]): (() => Promise<CommandModule>)[] {
  const named = COMMANDS[words[0] ?? ""];
  return named === undefined ? Object.values(COMMANDS) : [named];
}

function newProgram(): Command {
  return (
    new Command("rossmann")
      .description("Sales forecasts for a chain of shops: CSV in, warehouse, forecasts, dashboard.")
      .version("2.0.0")
      // so that a command may have a --version of its own
      .enablePositionalOptions()
      .showSuggestionAfterError()
      .exitOverride()
  );
}

/** The whole command line without running it, for whoever checks what pages say of it. */
export async function everyCommand(terminal: Terminal = processTerminal()): Promise<Command> {
  const program = newProgram();
  const context: CliContext = { settings: () => readSettings(), terminal };
  for (const load of Object.values(COMMANDS)) (await load())(program, context);
  return program;
}
