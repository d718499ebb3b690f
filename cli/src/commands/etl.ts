import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { preflightAdmission } from "@rossmann/etl";
import { failStaleRuns } from "@rossmann/warehouse";
import { findDataFiles } from "../data-files.ts";
import { NotReadyError } from "../errors.ts";
import { loadFiles } from "../load-files.ts";
import { type PreflightFlags, preflightOptions, tellOutcome, withPreflight } from "../preflight-choices.ts";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";

interface EtlOptions extends DataSourceOptions, PreflightFlags {
  train?: string;
  store?: string;
  future?: string;
  incremental?: boolean;
}

export const etlCommand: CommandModule = (program, { settings, terminal }) => {
  withPreflight(withDataSource(program.command("etl")))
    .description("load CSV files into the warehouse; without options the files in data/")
    .option("--train <file>", "sales, one row per store and day")
    .option("--store <file>", "stores, one row each")
    .option("--future <file>", "coming days whose promotions and openings are known (test.csv)")
    .option("--incremental", "add and change rows; rows that the file does not name stay")
    .action((options: EtlOptions) => {
      // told before a database is started for it
      const files = filesOf(options);
      const known = settings();
      preflightOptions(options, known);
      return withSession(known, terminal, async (session) => {
        await failStaleRuns(session.db);
        const dataSource = await dataSourceOf(session, options.dataSource);
        const kind = options.incremental ? "incremental" : "full";
        const preflight = preflightOptions(
          options,
          session.settings,
          {},
          {
            id: dataSource.relatedContractId,
            version: dataSource.relatedContractVersion,
          },
        );
        const admit = preflightAdmission(session.db, dataSource, preflight, session.effects, (outcome) =>
          tellOutcome(outcome, terminal),
        );
        const report = await loadFiles(
          session,
          { dataSource, kind, preflightMode: preflight.mode, admit, ...files },
          terminal,
        );
        if (options.json) terminal.answer(JSON.stringify(report));
      });
    });
};

function filesOf(options: EtlOptions): { train: string; store: string | null; future: string | null } {
  const inData = options.train === undefined && options.store === undefined ? findDataFiles("data") : null;
  const files = {
    train: options.train ?? inData?.train,
    store: options.store ?? inData?.store ?? null,
    future: options.future ?? inData?.future ?? null,
  };
  if (files.train === undefined || (files.store === null && !options.incremental)) {
    throw new NotReadyError(
      options.train === undefined && options.store === undefined
        ? `${resolve("data")} holds no CSVs: name them with --train and --store, or write a sample with rossmann sample --out data`
        : "a load needs both --train and --store",
    );
  }
  for (const file of [files.train, files.store, files.future]) {
    if (file !== null && !existsSync(file))
      throw new NotReadyError(`there is no file ${resolve(file)}: check the path`);
  }
  return { ...files, train: files.train };
}
