import { oneOf } from "../options.ts";
import { filesToLoad, type PrepareOptions, prepare } from "../prepare.ts";
import type { CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";

export const bootstrapCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("bootstrap")
    .description("prepare database, data and model as `up` does, and stop before serving")
    .option("--data <folder>", "where train.csv and store.csv are", "data")
    .option("--sample", "use the sample data set even when the folder holds CSVs")
    .option(
      "--profile <name>",
      "training when there is no model yet: quick or full",
      oneOf("quick", "full"),
      "quick",
    )
    .action(async (options: PrepareOptions) => {
      const files = filesToLoad(options);
      const known = settings();
      const source = await withSession(known, terminal, (session) =>
        prepare(session, files, options, terminal),
      );
      terminal.answer(`prepared: data source "${source}"; start with rossmann up`);
    });
};
