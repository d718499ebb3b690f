import { modelTable } from "../backtest-table.ts";
import { isoDay, oneOf, wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";
import { trainModels } from "../train-models.ts";

interface TrainCommandOptions extends DataSourceOptions {
  origin?: string;
  profile: "quick" | "full";
  seed: number;
}

export const trainCommand: CommandModule = (program, { settings, terminal }) => {
  withDataSource(program.command("train"))
    .description(
      "backtest the models, choose, refit on all data, register, and let the model serve if it is not worse",
    )
    .option(
      "--origin <date>",
      "learn as if this were the last day; default: the last day of the data",
      isoDay,
    )
    .option("--profile <name>", "quick or full", oneOf("quick", "full"), "quick")
    .option("--seed <n>", "the same seed and data give the same model", wholeNumber(0, 2_147_483_647), 42)
    .action((options: TrainCommandOptions) =>
      withSession(settings(), terminal, async (session) => {
        const source = await dataSourceOf(session, options.dataSource);
        const result = await trainModels(session, source.id, options, terminal);
        terminal.answer(
          options.json
            ? JSON.stringify({
                experiment_id: result.experimentId,
                version: result.version,
                model_type: result.modelType,
                promoted: result.promoted,
                gate: result.gate,
                choice: result.choice,
                origin: result.origin,
                elapsed_ms: result.elapsedMs,
                backtest: result.table,
                long_backtest: result.longTable,
              })
            : modelTable(result.table),
        );
      }),
    );
};
