import type { Command } from "commander";

/** Options that every command on a data source shares. */
export interface DataSourceOptions {
  dataSource?: string;
  json?: boolean;
}

export const withDataSource = (command: Command): Command =>
  command
    .option(
      "--data-source <name>",
      "name or id of the data source; default: DATA_SOURCE_ID, else the default source",
    )
    .option("--json", "one JSON document on stdout");
