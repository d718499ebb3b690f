import { type MigrationReport, migrate, tryMigrations } from "@rossmann/warehouse";
import type { CommandModule } from "../run-cli.ts";
import { withUnmigrated } from "../session.ts";

export const migrateCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("migrate")
    .description("bring the schema up to date, as every other command does before it works")
    .option("--dry-run", "run what is pending against the real data and undo it again")
    .option("--json", "one JSON document on stdout")
    .action((options: { dryRun?: boolean; json?: boolean }) =>
      withUnmigrated(settings(), async ({ db, place }) => {
        const report = options.dryRun ? await tryMigrations(db) : await migrate(db);
        terminal.answer(
          options.json
            ? JSON.stringify({ ...report, dry_run: options.dryRun === true })
            : sentence(report, place, options.dryRun === true),
        );
      }),
    );
};

function sentence({ applied, version }: MigrationReport, place: string, isTrial: boolean): string {
  if (applied.length === 0) return `${place}: nothing to do, the schema is at version ${version}`;
  const done = isTrial ? "would be applied without a fault (nothing was changed)" : "applied";
  return `${place}: ${applied.join(", ")} ${done}; version ${version}`;
}
