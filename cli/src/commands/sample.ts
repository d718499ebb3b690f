import { resolve } from "node:path";
import { writeSample } from "@rossmann/etl";
import { wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";

export const sampleCommand: CommandModule = (program, { terminal }) => {
  program
    .command("sample")
    .description("write a synthetic chain of shops as train.csv, store.csv and test.csv")
    .requiredOption("--out <folder>", "where to write; made when absent")
    .option("--stores <n>", "number of shops", wholeNumber(1, 100_000), 60)
    .option("--days <n>", "days of history", wholeNumber(30, 10_000), 942)
    .option("--seed <n>", "the same seed writes the same bytes", wholeNumber(0, 2_147_483_647), 1)
    .option("--dirty <n>", "plant so many faulty cells in train.csv", wholeNumber(0, 1_000_000), 0)
    .option("--json", "one JSON document on stdout")
    .action(
      async (options: {
        out: string;
        stores: number;
        days: number;
        seed: number;
        dirty: number;
        json?: boolean;
      }) => {
        const folder = resolve(options.out);
        const written = await writeSample(folder, {
          stores: options.stores,
          days: options.days,
          seed: options.seed,
          dirtyCells: options.dirty,
        });
        terminal.answer(
          options.json
            ? JSON.stringify({ folder, ...written })
            : `${folder}: ${options.stores} shops, ${options.days} days (train.csv, store.csv, test.csv)`,
        );
      },
    );
};
