import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isoDate, writeFileAtomically } from "@rossmann/core";
import { readPanelParquet } from "@rossmann/etl";
import { learnShard, type Shard } from "@rossmann/ml";
import { NotReadyError } from "../errors.ts";
import { oneOf, wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";

interface ShardCommandOptions {
  sales: string;
  stores: string;
  future?: string;
  out: string;
  dataSourceId: number;
  profile: "quick" | "full";
  seed: number;
  json?: boolean;
}

export const shardCommand: CommandModule = (program, { terminal }) => {
  program
    .command("shard")
    .description(
      "learn from Parquet files and forecast their known coming days, without a database: one task of a cluster",
    )
    .requiredOption(
      "--sales <file>",
      "as rossmann export --parquet writes it; a pattern like …/*.parquet may be given",
    )
    .requiredOption("--stores <file>", "the same for stores")
    .option("--future <file>", "the same for coming days")
    .requiredOption("--out <folder>", "where model.json, forecast.csv and summary.json go")
    .option("--data-source-id <n>", "written into the forecast", wholeNumber(1, 2_147_483_647), 1)
    .option("--profile <name>", "quick or full", oneOf("quick", "full"), "quick")
    .option("--seed <n>", "the same seed and rows give the same model", wholeNumber(0, 2_147_483_647), 42)
    .option("--json", "one JSON document on stdout")
    .action(async (options: ShardCommandOptions) => {
      for (const file of [options.sales, options.stores, options.future])
        if (file !== undefined && !file.includes("*") && !existsSync(file))
          throw new NotReadyError(`there is no file ${resolve(file)}: check the path`);
      const files = { sales: options.sales, stores: options.stores, future: options.future };
      const rows = await readPanelParquet(files, options.dataSourceId);
      const shard = await learnShard(rows, {
        ...options,
        onProgress: ({ message, share }) =>
          terminal.progress("shard", `${message}, ${Math.round(100 * share)} %`),
      });
      terminal.progressDone();
      const folder = resolve(options.out);
      mkdirSync(folder, { recursive: true });
      writeFileAtomically(join(folder, "model.json"), shard.artifact);
      writeFileAtomically(join(folder, "forecast.csv"), forecastCsv(shard));
      const summary = {
        data_source_id: options.dataSourceId,
        model_type: shard.predicted.modelType,
        origin: shard.predicted.origin,
        stores: rows.stores.storeIds.length,
        rows: rows.sales.length,
        forecast_days: shard.days.dayNumbers.length,
        choice: shard.learned.short.choice.reason,
      };
      writeFileAtomically(join(folder, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
      terminal.answer(
        options.json
          ? JSON.stringify(summary)
          : `${summary.model_type} learned from ${summary.rows} rows of ${summary.stores} stores; ${summary.forecast_days} store-days forecast into ${folder}`,
      );
    });
};

/** Amounts with every digit, so that two forecasts can be compared exactly. */
function forecastCsv({ days, predicted }: Shard): string {
  const { sales, lower80, upper80, lower95, upper95 } = predicted;
  const lines = ["store_id,date,sales,lower80,upper80,lower95,upper95"];
  for (let i = 0; i < days.storeIds.length; i++) {
    lines.push(
      [
        days.storeIds[i],
        isoDate(days.dayNumbers[i]!),
        sales[i],
        lower80[i],
        upper80[i],
        lower95[i],
        upper95[i],
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}
