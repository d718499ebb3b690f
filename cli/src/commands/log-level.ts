import { mkdirSync } from "node:fs";
import type { LogLevel } from "@rossmann/core";
import { Argument } from "commander";
import { askForLogLevel, LOG_LEVELS } from "../log-level.ts";
import type { CommandModule } from "../run-cli.ts";

export const logLevelCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("log-level")
    .description("change what running processes of this home log, without a restart")
    .addArgument(new Argument("<level>", "lowest level that is logged").choices([...LOG_LEVELS]))
    .action((level: LogLevel) => {
      const { home } = settings();
      mkdirSync(home, { recursive: true });
      askForLogLevel(home, level);
      terminal.answer(
        `every process that runs from ${home} logs from ${level} on within a second; LOG_LEVEL counts again after a restart`,
      );
    });
};
