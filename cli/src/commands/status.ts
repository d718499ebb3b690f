import { request } from "node:http";
import type { CommandModule } from "../run-cli.ts";
import { type Running, readRunning } from "../state.ts";

const HEALTH_TIMEOUT_MS = 3000;

export const statusCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("status")
    .description("what runs here, since when, and whether it answers")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const running = readRunning(settings().home);
      const health = await healthOf(running);
      if (options.json) {
        terminal.answer(JSON.stringify({ running: running !== null, ...running, health }));
      } else if (running === null) {
        terminal.answer("nothing is running here; start with: rossmann up");
      } else if (running.url === null) {
        terminal.answer(`starting since ${running.startedAt} (process ${running.pid}); not ready yet`);
      } else {
        terminal.answer(`running since ${running.startedAt} (process ${running.pid})`);
        terminal.answer(`dashboard  ${running.dashboardUrl}`);
        terminal.answer(`API        ${running.url}/api/v1   documentation ${running.url}/docs`);
        terminal.answer(`health     ${health === null ? "does not answer" : health}`);
      }
      if (running === null || health !== "ready") process.exitCode = 1;
    });
};

async function healthOf(running: Running | null): Promise<string | null> {
  if (running === null) return null;
  return running.url === null ? "starting" : readiness(running.url);
}

/** `ready`, `not ready`, or null when nothing answers in time. */
function readiness(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = request(`${url}/api/v1/health/ready`, { timeout: HEALTH_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? "ready" : "not ready");
    });
    probe.on("timeout", () => probe.destroy());
    probe.on("error", () => resolve(null));
    probe.end();
  });
}
