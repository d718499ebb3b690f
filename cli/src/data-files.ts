import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { NotReadyError } from "./errors.ts";

/** The CSV files of one delivery, as absolute paths. */
export interface DataFiles {
  train: string;
  store: string;
  future?: string;
}

/**
 * The CSV files in a folder.
 *
 * @returns null when the folder holds none of them (it may be absent)
 * @throws {NotReadyError} when only one of the two that belong together is there
 */
export function findDataFiles(folder: string): DataFiles | null {
  const path = (name: string) => join(resolve(folder), name);
  const has = (name: string) => existsSync(path(name)) && statSync(path(name)).isFile();
  const [train, store] = [has("train.csv"), has("store.csv")];
  if (!train && !store) return null;
  if (!train || !store) {
    const [there, missing] = train ? ["train.csv", "store.csv"] : ["store.csv", "train.csv"];
    throw new NotReadyError(
      `${resolve(folder)} holds ${there} but no ${missing}: put ${missing} beside it, or remove ${there} to start with the sample data`,
    );
  }
  return {
    train: path("train.csv"),
    store: path("store.csv"),
    ...(has("test.csv") ? { future: path("test.csv") } : {}),
  };
}
