import { failStaleExperiments, failStaleRuns, modelVersionOf, sourceFootprint } from "@rossmann/warehouse";
import { type DataFiles, findDataFiles } from "./data-files.ts";
import { loadFiles } from "./load-files.ts";
import { makeSample } from "./sample-data.ts";
import { dataSourceOf, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { trainModels } from "./train-models.ts";

/** What an installation is filled with when it is empty. */
export interface PrepareOptions {
  /** folder of `train.csv`, `store.csv` and maybe `test.csv` */
  data: string;
  /** use the sample data set even when the folder holds CSVs */
  sample?: boolean;
  profile: "quick" | "full";
}

/**
 * The files of the folder, or null for the sample. Asked before a database is started for them.
 *
 * @throws {NotReadyError} when only half a delivery is there
 */
export const filesToLoad = (options: PrepareOptions): DataFiles | null =>
  options.sample ? null : findDataFiles(options.data);

/**
 * Fill what is empty: load the delivery (or the sample) into a warehouse without sales, train where no model is. What is there
 * already stays as it is.
 *
 * @returns name of the data source
 */
export async function prepare(
  session: Session,
  files: DataFiles | null,
  options: PrepareOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<string> {
  await tidyUp(session, terminal);
  const source = await dataSourceOf(session, undefined);
  const footprint = await sourceFootprint(session.db, source.id);
  if (footprint === null || footprint.salesRowsCount === 0) {
    const delivery = files ?? (await makeSample(session.settings.home, options.data, terminal));
    const { train, store, future = null } = delivery;
    await loadFiles(session, { dataSource: source, train, store, future }, terminal);
  }
  if ((await modelVersionOf(session.db, source.id)) === null) {
    await trainModels(session, source.id, { profile: options.profile, signal }, terminal);
  }
  return source.name;
}

/** What killed processes left behind is closed before anything new begins. */
async function tidyUp({ db }: Session, terminal: Terminal): Promise<void> {
  const [loads, trainings] = await Promise.all([failStaleRuns(db), failStaleExperiments(db)]);
  if (loads > 0)
    terminal.note(
      `${loads} load${loads === 1 ? "" : "s"} of a killed process marked FAILED; the data from before is in place`,
    );
  if (trainings > 0)
    terminal.note(`${trainings} training${trainings === 1 ? "" : "s"} of a killed process marked FAILED`);
}
