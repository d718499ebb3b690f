import { openDesk, startBackground } from "../background.ts";
import { limitStop } from "../limit-stop.ts";
import type { CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";
import { untilAskedToStop } from "../stop-signal.ts";

export const workerCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("worker")
    .description("schedulers, deliveries and jobs without an API, until Ctrl-C; any number of them may run")
    .action(() =>
      withSession(
        settings(),
        terminal,
        async (session) => {
          const desk = openDesk(session);
          const background = startBackground(session, desk, { besideTheApi: false });
          terminal.note(`working (database: ${session.place}); Ctrl-C stops it`);
          const reason = await untilAskedToStop(session.settings.home);
          const waitFor = limitStop(session, terminal);
          terminal.note(`stopping (${reason})`);
          await waitFor("the work in the background", background.stop());
          await waitFor("the alert channels", desk.close());
        },
        "stderr",
      ),
    );
};
