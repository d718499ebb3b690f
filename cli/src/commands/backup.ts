import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BackupManifest, writeBackup } from "@rossmann/warehouse";
import type { CommandModule } from "../run-cli.ts";
import { withSession } from "../session.ts";

export const backupCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("backup")
    .description(
      "write everything the database holds into a folder and check it; the platform may go on working",
    )
    .option("--out <folder>", "a new folder; default: backups/<time> in the home folder")
    .option("--json", "one JSON document on stdout")
    .action((options: { out?: string; json?: boolean }) => {
      const known = settings();
      return withSession(known, terminal, async ({ db }) => {
        const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
        const folder = resolve(options.out ?? join(known.home, "backups", time));
        const manifest = await writeBackup(db, folder, {
          onTable: (name, rows) =>
            terminal.progress(`backup: ${name}`, `${rows.toLocaleString("en-US")} rows`),
        });
        terminal.progressDone();
        terminal.answer(
          options.json ? JSON.stringify({ folder, ...summary(manifest) }) : sentence(folder, manifest),
        );
      });
    });
};

/** What people want to know of a backup. */
export const summary = ({ createdAt, tables, migrations }: BackupManifest) => ({
  created_at: createdAt,
  tables: tables.length,
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
  bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
  schema_version: migrations.at(-1)?.version ?? 0,
});

function sentence(folder: string, manifest: BackupManifest): string {
  const { tables, rows, bytes } = summary(manifest);
  const size = ((bytes + statSync(join(folder, "manifest.json")).size) / 1e6).toFixed(1);
  return `${tables} tables with ${rows.toLocaleString("en-US")} rows written to ${folder} (${size} MB), read back and compared; restore with: rossmann restore --from ${folder}`;
}
