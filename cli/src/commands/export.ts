import { resolve } from "node:path";
import { exportParquet } from "@rossmann/etl";
import { listDataSources } from "@rossmann/warehouse";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";

export const exportCommand: CommandModule = (program, { settings, terminal }) => {
  withDataSource(program.command("export"))
    .description(
      "write sales, stores and known future as Parquet, partitioned by data source; default: every source",
    )
    .requiredOption("--parquet <folder>", "a new folder")
    .action((options: DataSourceOptions & { parquet: string }) =>
      withSession(settings(), terminal, async (session) => {
        const sources =
          options.dataSource === undefined
            ? await listDataSources(session.db)
            : [await dataSourceOf(session, options.dataSource)];
        const folder = resolve(options.parquet);
        const exported = await exportParquet(session.db, folder, sources, (source, table, rows) =>
          terminal.progress(`export: ${source}`, `${table}, ${rows.toLocaleString("en-US")} rows`),
        );
        terminal.progressDone();
        const rows = exported.reduce((sum, each) => sum + each.rows.fact_sales_daily, 0);
        terminal.answer(
          options.json
            ? JSON.stringify({ folder, data_sources: exported })
            : `${rows.toLocaleString("en-US")} sales rows of ${exported.length} data source${exported.length === 1 ? "" : "s"} written to ${folder}`,
        );
      }),
    );
};
