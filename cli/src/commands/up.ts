import { startServer } from "@rossmann/backend";
import { createForecaster } from "@rossmann/ml";
import { thisProcess } from "@rossmann/warehouse";
import pc from "picocolors";
import { announceAccess } from "../announce-access.ts";
import { openDesk, startBackground } from "../background.ts";
import { type DashboardServer, ensureDashboard, startDashboardDevServer } from "../dashboard.ts";
import { startDetached } from "../detach.ts";
import { oneOf, wholeNumber } from "../options.ts";
import { filesToLoad, type PrepareOptions, prepare } from "../prepare.ts";
import type { CliContext, CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";
import { newSignInLink } from "../sign-in-link.ts";
import { clearRunning, type Running, readRunning, writeRunning } from "../state.ts";
import { stopSignal } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";

interface UpOptions extends PrepareOptions {
  port?: number;
  host?: string;
  dashboardPort?: number;
  detach?: boolean;
}

export const upCommand: CommandModule = (program, context) => {
  program
    .command("up")
    .description("bring everything up: database, data, model, API and dashboard; Ctrl-C stops it")
    .option("--data <folder>", "where train.csv and store.csv are", "data")
    .option("--sample", "use the sample data set even when the folder holds CSVs")
    .option(
      "--port <n>",
      "port of API and dashboard; 0 takes any free one; default BACKEND_PORT",
      wholeNumber(0, 65_535),
    )
    .option("--host <address>", "address to listen on; default BACKEND_HOST")
    .option(
      "--dashboard-port <n>",
      "also serve the dashboard with hot reload on this port",
      wholeNumber(1, 65_535),
    )
    .option(
      "--profile <name>",
      "training when there is no model yet: quick or full",
      oneOf("quick", "full"),
      "quick",
    )
    .option("--detach", "return as soon as it answers; `rossmann down` stops it")
    .action((options: UpOptions) => (options.detach ? upDetached(context, options) : up(context, options)));
};

async function upDetached({ settings, terminal }: CliContext, options: UpOptions): Promise<void> {
  const { home } = settings();
  const before = readRunning(home);
  filesToLoad(options);
  const words = process.argv.slice(2).filter((word) => word !== "--detach");
  const running = before ?? (await startDetached(home, words, terminal));
  if (before !== null) terminal.answer(alreadyRunning(before));
  else
    terminal.answer(
      `running (process ${running.pid}): ${running.dashboardUrl}; sign in with a link of rossmann keys link, stop it with rossmann down`,
    );
}

async function up({ settings: readSettings, terminal }: CliContext, options: UpOptions): Promise<void> {
  const settings = readSettings();
  const running = readRunning(settings.home);
  if (running !== null) {
    terminal.answer(alreadyRunning(running));
    return;
  }
  // a file that is missing is told before a server is started for it
  const files = filesToLoad(options);
  const startedAt = new Date().toISOString();

  await withSession(settings, terminal, async (session) => {
    const { pid, processStart } = thisProcess();
    const note = { pid, processStart, startedAt, url: null, dashboardUrl: null, dataSource: null };
    writeRunning(settings.home, note);
    const stop = stopSignal(settings.home);
    try {
      // bundled beside the load: another process, so that neither waits for the other
      const dashboard = ensureDashboard(() =>
        terminal.note("building the dashboard (first start, or its sources changed)"),
      );
      dashboard.catch(() => {}); // awaited below; a failure before that is not unhandled
      const prepared = prepare(session, files, options, terminal, stop.signal);
      const dataSource = await Promise.race([prepared, stop.reason.then(() => null)]);
      if (dataSource === null) {
        terminal.note(`stopping (${await stop.reason}); a load or training under way is given up`);
        await prepared.catch(() => {});
        return;
      }
      const desk = openDesk(session);
      const server = await startServer({
        ...session,
        desk,
        forecaster: createForecaster(session.db, { modelPath: settings.MODEL_PATH }),
        dashboardDir: await dashboard,
        ...(options.port !== undefined && { port: options.port }),
        ...(options.host !== undefined && { host: options.host }),
      });
      const background = startBackground(session, desk, { besideTheApi: true });
      let dev: DashboardServer | null = null;
      try {
        if (options.dashboardPort !== undefined)
          dev = await startDashboardDevServer(options.dashboardPort, server.url);
        const dashboardUrl = dev?.url ?? server.url;
        writeRunning(settings.home, { ...note, url: server.url, dashboardUrl, dataSource });
        announceAccess(terminal, settings, options.host);
        announce(terminal, server.url, dashboardUrl, await newSignInLink(session.db, dashboardUrl));
        terminal.note(`stopping (${await stop.reason})`);
      } finally {
        dev?.stop();
        await Promise.all([server.close(), background.stop()]);
        await desk.close();
      }
    } finally {
      stop.letGo();
      clearRunning(settings.home);
    }
  });
  terminal.note("stopped; the data stays");
}

const alreadyRunning = ({ startedAt, pid, dashboardUrl }: Running) =>
  dashboardUrl === null
    ? `already starting since ${startedAt} (process ${pid}); rossmann status tells when it is ready`
    : `already running since ${startedAt} (process ${pid}): ${dashboardUrl}`;

function announce(terminal: Terminal, url: string, dashboardUrl: string, signInLink: string): void {
  terminal.note(pc.green("ready"));
  terminal.answer(
    [
      "",
      `  Dashboard   ${pc.bold(dashboardUrl)}`,
      `  Sign in     ${signInLink}`,
      pc.dim(
        "              opens the diagnostics too; once, within the hour (later: npx rossmann keys link)",
      ),
      `  API         ${url}/docs`,
      "",
      "  Ctrl-C stops everything; the data stays.",
      "",
    ].join("\n"),
  );
}
