import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { writeFileAtomically } from "@rossmann/core";
import { readComingDays } from "@rossmann/etl";
import { createForecaster, type PredictedRows } from "@rossmann/ml";
import { NotReadyError } from "../errors.ts";
import { modelReference } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";

interface PredictOptions extends DataSourceOptions {
  input: string;
  output: string;
  intervals?: boolean;
  model?: "champion" | "challenger" | number;
}

export const predictCommand: CommandModule = (program, { settings, terminal }) => {
  withDataSource(program.command("predict"))
    .description("Id,Sales for every row of a file of coming days")
    .requiredOption("--input <file>", "Id, Store, Date, Open, Promo, StateHoliday, SchoolHoliday (test.csv)")
    .requiredOption("--output <file>", "where to write Id,Sales")
    .option("--intervals", "also Lower80,Upper80,Lower90,Upper90,Lower95,Upper95")
    .option("--model <which>", "champion, challenger or a version number; default champion", modelReference)
    .action((options: PredictOptions) => {
      if (!existsSync(options.input))
        throw new NotReadyError(`there is no file ${resolve(options.input)}: check the path`);
      return withSession(settings(), terminal, async (session) => {
        const source = await dataSourceOf(session, options.dataSource);
        const { rowIds, ...rows } = await readComingDays(options.input);
        const forecaster = createForecaster(session.db, {
          ...(options.model === undefined
            ? { modelPath: session.settings.MODEL_PATH }
            : { model: options.model }),
        });
        const predicted = await forecaster.predict({ dataSourceId: source.id, rows });
        writeFileAtomically(
          resolve(options.output),
          predictionCsv(rowIds, predicted, options.intervals === true),
        );
        terminal.answer(
          options.json
            ? JSON.stringify({
                file: resolve(options.output),
                rows: rowIds.length,
                model_type: predicted.modelType,
                model_version: predicted.modelVersion,
                origin: predicted.origin,
              })
            : `${rowIds.length.toLocaleString("en-US")} rows written to ${resolve(options.output)} (${predicted.modelType} version ${predicted.modelVersion}, learned to ${predicted.origin})`,
        );
      });
    });
};

/** One line per row in the order of the input; amounts with two decimals, a closed day is 0. */
function predictionCsv(rowIds: Float64Array, predicted: PredictedRows, withIntervals: boolean): string {
  const columns: [string, Float64Array][] = [["Sales", predicted.sales]];
  if (withIntervals) {
    columns.push(
      ["Lower80", predicted.lower80],
      ["Upper80", predicted.upper80],
      ["Lower90", predicted.lower90],
      ["Upper90", predicted.upper90],
      ["Lower95", predicted.lower95],
      ["Upper95", predicted.upper95],
    );
  }
  const lines = [["Id", ...columns.map(([name]) => name)].join(",")];
  for (let i = 0; i < rowIds.length; i++) {
    lines.push([rowIds[i], ...columns.map(([, values]) => round(values[i]!))].join(","));
  }
  return `${lines.join("\n")}\n`;
}

const round = (amount: number) => Math.round(amount * 100) / 100;
