import { startServer } from "@rossmann/backend";
import { createForecaster } from "@rossmann/ml";
import { failStaleExperiments, failStaleRuns, modelVersionOf, sourceFootprint } from "@rossmann/warehouse";
import pc from "picocolors";
import { openDesk, startBackground } from "../background.ts";
import { ensureDashboard, startDashboardDevServer } from "../dashboard.ts";
import { findDataFiles } from "../data-files.ts";
import { loadFiles } from "../load-files.ts";
import { oneOf, wholeNumber } from "../options.ts";
import type { CliContext, CommandModule } from "../run-cli.ts";
import { makeSample } from "../sample-data.ts";
import { dataSourceOf, type Session, withSession } from "../session.ts";
import { clearRunning, readRunning, writeRunning } from "../state.ts";
import { untilAskedToStop } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";
import { trainModels } from "../train-models.ts";

interface UpOptions {
  data: string;
  sample?: boolean;
  port?: number;
  host?: string;
  dashboardPort?: number;
  profile: "quick" | "full";
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
    .action((options: UpOptions) => up(context, options));
};

async function up({ settings: readSettings, terminal }: CliContext, options: UpOptions): Promise<void> {
  const settings = readSettings();
  const running = readRunning(settings.home);
  if (running !== null) {
    terminal.answer(
      `already running since ${running.startedAt} (process ${running.pid}): ${running.dashboardUrl}`,
    );
    return;
  }
  // a file that is missing is told before a server is started for it
  const files = options.sample ? null : findDataFiles(options.data);

  await withSession(settings, terminal, async (session) => {
    // bundled beside the load: another process, so that neither waits for the other
    const dashboard = ensureDashboard(() =>
      terminal.note("building the dashboard (first start, or its sources changed)"),
    );
    dashboard.catch(() => {}); // awaited below; a failure before that is not unhandled
    await tidyUp(session, terminal);
    const source = await dataSourceOf(session, undefined);
    const footprint = await sourceFootprint(session.db, source.id);
    if (footprint === null || footprint.salesRowsCount === 0) {
      const {
        train,
        store,
        future = null,
      } = files ?? (await makeSample(settings.home, options.data, terminal));
      await loadFiles(session, { dataSource: source, train, store, future }, terminal);
    }
    if ((await modelVersionOf(session.db, source.id)) === null) {
      await trainModels(session, source.id, { profile: options.profile }, terminal);
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
    const dev = new AbortController();
    try {
      let dashboardUrl = server.url;
      if (options.dashboardPort !== undefined) {
        startDashboardDevServer(options.dashboardPort, server.url, dev.signal);
        dashboardUrl = `http://localhost:${options.dashboardPort}`;
      }
      writeRunning(settings.home, {
        pid: process.pid,
        startedAt: new Date().toISOString(),
        url: server.url,
        dashboardUrl,
        dataSource: source.name,
      });
      announce(terminal, server.url, dashboardUrl);
      const reason = await untilAskedToStop(settings.home);
      terminal.note(`stopping (${reason})`);
    } finally {
      dev.abort();
      await server.close();
      await background.stop();
      await desk.close();
      clearRunning(settings.home);
    }
  });
  terminal.note("stopped; the data stays");
}

/** What killed processes left behind is closed before anything new begins. */
async function tidyUp({ db }: Session, terminal: Terminal): Promise<void> {
  const [loads, trainings] = await Promise.all([failStaleRuns(db), failStaleExperiments(db)]);
  if (loads > 0)
    terminal.note(
      `${loads} load${loads === 1 ? "" : "s"} of a killed process marked FAILED; the data from before is in place`,
    );
  if (trainings > 0)
    terminal.note(`${trainings} training${trainings === 1 ? "" : "s"} of a killed process marked FAILED`);
}

function announce(terminal: Terminal, url: string, dashboardUrl: string): void {
  terminal.note(pc.green("ready"));
  terminal.answer(
    `\n  Dashboard   ${pc.bold(dashboardUrl)}\n  API         ${url}/docs\n\n  Ctrl-C stops everything; the data stays.\n`,
  );
}
