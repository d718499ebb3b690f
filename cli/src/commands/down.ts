import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@rossmann/core";
import type { CommandModule } from "../run-cli.ts";
import { isAlive, readRunning, requestStop } from "../state.ts";

const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 100;

export const downCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("down")
    .description("stop what `up` started here; the data stays")
    .action(async () => {
      const { home } = settings();
      const running = readRunning(home);
      if (running === null) {
        terminal.answer("nothing is running here");
        return;
      }
      requestStop(home, running.pid);
      const deadline = Date.now() + STOP_TIMEOUT_MS;
      while (isAlive(running.pid)) {
        if (Date.now() > deadline) {
          throw new AppError(
            "stop_timeout",
            "unavailable",
            `process ${running.pid} has not stopped within ${STOP_TIMEOUT_MS / 1000} s: it may be finishing a long load; try again, or end that process`,
          );
        }
        await sleep(POLL_MS);
      }
      terminal.answer(`stopped (process ${running.pid}, running since ${running.startedAt})`);
    });
};
