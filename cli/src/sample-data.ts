import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeSample } from "@rossmann/etl";
import { type DataFiles, findDataFiles } from "./data-files.ts";
import type { Terminal } from "./terminal.ts";

const SEED = 1;

/** The sample data set of this home, written on the first call; the terminal says why it is used. */
export async function makeSample(home: string, dataFolder: string, terminal: Terminal): Promise<DataFiles> {
  const folder = join(home, "sample");
  terminal.note(
    `no CSVs in ${resolve(dataFolder)}: using a generated sample chain of 60 shops. For your own shops put train.csv and store.csv there and run: rossmann etl`,
  );
  if (!existsSync(join(folder, "test.csv"))) await writeSample(folder, { seed: SEED });
  return findDataFiles(folder)!;
}
