import { startServer } from "@rossmann/backend";
import { createForecaster } from "@rossmann/ml";
import { announceAccess } from "../announce-access.ts";
import { openDesk, startBackground } from "../background.ts";
import { ensureDashboard } from "../dashboard.ts";
import { limitStop } from "../limit-stop.ts";
import { wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";
import { untilAskedToStop } from "../stop-signal.ts";

export const serveCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("serve")
    .description("API and dashboard, until Ctrl-C; any number of them may share one database")
    .option("--port <n>", "port; 0 takes any free one; default BACKEND_PORT", wholeNumber(0, 65_535))
    .option("--host <address>", "address; default BACKEND_HOST")
    .action((options: { port?: number; host?: string }) =>
      withSession(
        settings(),
        terminal,
        async (session) => {
          const dashboardDir = await ensureDashboard(() => terminal.note("building the dashboard"));
          const forecaster = createForecaster(session.db, { modelPath: session.settings.MODEL_PATH });
          const desk = openDesk(session);
          const server = await startServer({ ...session, ...options, forecaster, dashboardDir, desk });
          const background = startBackground(session, desk, { besideTheApi: true });
          announceAccess(terminal, session.settings, options.host);
          terminal.note(`API and dashboard on ${server.url} (database: ${session.place}); Ctrl-C stops it`);
          await untilAskedToStop(session.settings.home);
          const waitFor = limitStop(session, terminal);
          await Promise.all([
            waitFor("the API", server.close()),
            waitFor("the work in the background", background.stop()),
          ]);
          await waitFor("the alert channels", desk.close());
        },
        "stderr",
      ),
    );
};
