import { backtest } from "@rossmann/ml";
import { horizonTable, modelTable, originTable } from "../backtest-table.ts";
import { isoDay, oneOf, wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";
import { showProgress } from "../train-models.ts";

interface BacktestOptions extends DataSourceOptions {
  origins: number;
  horizon: number;
  origin?: string;
  profile: "quick" | "full";
}

export const backtestCommand: CommandModule = (program, { settings, terminal }) => {
  withDataSource(program.command("backtest"))
    .description("judge every model on the past, from several origins; changes nothing")
    .option("--origins <n>", "how many origins", wholeNumber(1, 60), 6)
    .option("--horizon <days>", "days ahead that are judged", wholeNumber(1, 180), 42)
    .option("--origin <date>", "use nothing after this day; default: the last day of the data", isoDay)
    .option("--profile <name>", "quick or full", oneOf("quick", "full"), "quick")
    .action((options: BacktestOptions) =>
      withSession(settings(), terminal, async (session) => {
        const source = await dataSourceOf(session, options.dataSource);
        const result = await backtest(
          session.db,
          { ...options, dataSourceId: source.id, onProgress: showProgress(terminal) },
          session.effects,
        );
        terminal.answer(
          options.json
            ? JSON.stringify({
                model_type: result.modelType,
                choice: result.choice,
                elapsed_ms: result.elapsedMs,
                backtest: result.table,
                long_backtest: result.longTable,
              })
            : [
                modelTable(result.table),
                originTable(result.table),
                horizonTable(result.table),
                `choice: ${result.modelType} (${result.choice})`,
              ].join("\n\n"),
        );
      }),
    );
};
