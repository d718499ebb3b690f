import { applyRetention, keepDaysOf } from "@rossmann/alerts";
import type { CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";
import { textTable } from "../text-table.ts";

export const retentionCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("retention")
    .description("remove what is older than the settings RETENTION_*_DAYS want it kept, and say how much")
    .option("--dry-run", "count only, remove nothing")
    .option("--json", "one JSON document on stdout")
    .action((options: { dryRun?: boolean; json?: boolean }) =>
      withSession(settings(), terminal, async (session) => {
        const dryRun = options.dryRun ?? false;
        const { logger, now } = session.effects;
        const report = await applyRetention(session.db, keepDaysOf(session.settings), {
          now: new Date(now()),
          dryRun,
          logger,
        });
        if (report.some(({ error }) => error !== null)) process.exitCode = 1;
        if (options.json) {
          terminal.answer(JSON.stringify({ dry_run: dryRun, shelves: report }));
          return;
        }
        terminal.answer(
          textTable(
            ["what", "kept for days", dryRun ? "would be removed" : "removed", ""],
            report.map(({ shelf, keepDays, rows, error }) => [
              shelf,
              String(keepDays),
              String(rows),
              error ?? "",
            ]),
          ),
        );
      }),
    );
};
