import { setTimeout as sleep } from "node:timers/promises";
import { AppError, createLogger } from "@rossmann/core";
import { embeddedOwner, isProcessAlive, stopEmbedded } from "@rossmann/warehouse";
import type { CommandModule } from "../run-cli.ts";
import { readRunning, requestStop } from "../state.ts";

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
        terminal.answer(
          (await stopOrphan(home))
            ? "nothing was running here but the database of a killed start; it is stopped, the data stays"
            : "nothing is running here",
        );
        return;
      }
      requestStop(home, running.pid);
      const deadline = Date.now() + STOP_TIMEOUT_MS;
      while (isProcessAlive(running)) {
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

/** A command at work (a load, a training) owns the database of the home and will stop it itself. */
async function stopOrphan(home: string): Promise<boolean> {
  if (embeddedOwner({ home }) !== null) return false;
  return stopEmbedded({ home, logger: createLogger("warn") });
}
