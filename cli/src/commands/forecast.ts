import { createForecaster } from "@rossmann/ml";
import { wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";
import { textTable } from "../text-table.ts";

interface ForecastOptions extends DataSourceOptions {
  storeId: number;
  horizonDays: number;
}

export const forecastCommand: CommandModule = (program, { settings, terminal }) => {
  withDataSource(program.command("forecast"))
    .description("what one shop will sell, day by day")
    .requiredOption("--store-id <n>", "number of the shop", wholeNumber(1, 2_147_483_647))
    .option("--horizon-days <n>", "days ahead", wholeNumber(1, 180), 30)
    .action((options: ForecastOptions) =>
      withSession(settings(), terminal, async (session) => {
        const source = await dataSourceOf(session, options.dataSource);
        const forecaster = createForecaster(session.db, { modelPath: session.settings.MODEL_PATH });
        const forecast = await forecaster.forecast({
          dataSourceId: source.id,
          storeIds: [options.storeId],
          horizon: options.horizonDays,
        });
        const days = forecast.stores[0]!.points;
        if (options.json) {
          terminal.answer(
            JSON.stringify({
              store_id: options.storeId,
              origin: forecast.origin,
              model_version: forecast.modelVersion,
              model_type: forecast.modelType,
              points: days,
            }),
          );
          return;
        }
        const amount = (value: number) => Math.round(value).toLocaleString("en-US");
        terminal.answer(
          textTable(
            ["date", "forecast", "lower 80 %", "upper 80 %", "promo", "rests on"],
            days.map((day) => [
              day.date,
              day.open === 1 ? amount(day.predictedSales) : "closed",
              day.open === 1 ? amount(day.lower) : "",
              day.open === 1 ? amount(day.upper) : "",
              day.promo === 1 ? "promo" : "",
              day.known ? "known calendar" : "projected calendar",
            ]),
          ),
        );
        terminal.note(
          `${forecast.modelType} version ${forecast.modelVersion}, learned to ${forecast.origin}`,
        );
      }),
    );
};
