import { resolve } from "node:path";
import { restoreBackup, verifyBackup } from "@rossmann/warehouse";
import { NotReadyError } from "../errors.ts";
import type { CommandModule } from "../run-cli.ts";
import { withUnmigrated } from "../session.ts";
import { readRunning } from "../state.ts";
import { summary } from "./backup.ts";

interface RestoreCommandOptions {
  from: string;
  replace?: boolean;
  check?: boolean;
  json?: boolean;
}

export const restoreCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("restore")
    .description(
      "put a backup into an empty database, or with --replace in the place of what it holds: all or nothing",
    )
    .requiredOption("--from <folder>", "what rossmann backup wrote")
    .option("--replace", "give up what the database holds now")
    .option("--check", "only read the backup and compare it with its manifest")
    .option("--json", "one JSON document on stdout")
    .action(async (options: RestoreCommandOptions) => {
      const folder = resolve(options.from);
      if (options.check) {
        const found = summary(await verifyBackup(folder));
        return terminal.answer(
          options.json
            ? JSON.stringify({ folder, ...found })
            : `${folder} is whole: ${found.tables} tables, ${found.rows.toLocaleString("en-US")} rows, of ${found.created_at}`,
        );
      }
      const known = settings();
      const running = readRunning(known.home);
      if (running !== null)
        throw new NotReadyError(
          `the platform runs here (process ${running.pid}): stop it first with rossmann down`,
        );
      await withUnmigrated(known, async ({ db, place }) => {
        const { manifest, applied } = await restoreBackup(db, folder, {
          replace: options.replace,
          onTable: (name, rows) =>
            terminal.progress(`restore: ${name}`, `${rows.toLocaleString("en-US")} rows`),
        });
        terminal.progressDone();
        const found = summary(manifest);
        terminal.answer(
          options.json
            ? JSON.stringify({ folder, ...found, applied })
            : `${found.tables} tables with ${found.rows.toLocaleString("en-US")} rows restored into ${place} and compared${applied.length > 0 ? `; then applied ${applied.join(", ")}` : ""}`,
        );
      });
    });
};
