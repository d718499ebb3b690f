import { DEFAULT_PROFILES, preflightSources } from "@rossmann/etl";
import { type Db, findEtlRun, type PreflightRunRow } from "@rossmann/warehouse";
import { z } from "zod";
import { HttpRefusal } from "./errors.ts";

const recordedFile = z.object({ file: z.object({ name: z.string(), sha256: z.string() }) });

/** The file that a run examined, and what else was delivered with it. */
export interface EarlierFile {
  /** never shown to clients */
  path: string;
  sha256: string;
  /** by profile of the contract */
  related: Record<string, string>;
}

/**
 * Where the file of an examined run came from.
 *
 * @throws {HttpRefusal} 409 when the run does not say it: it was examined without a load, or not read to its end
 */
export async function earlierFile(db: Db, run: PreflightRunRow): Promise<EarlierFile> {
  const load = await findEtlRun(db, run.run_id).catch(() => null);
  const paths = {
    train: load?.trainInputPath ?? null,
    store: load?.storeInputPath ?? null,
    future: load?.futureInputPath ?? null,
  };
  const path = paths[run.source_name as keyof typeof paths];
  const { data } = recordedFile.safeParse(run.summary_json);
  if (path === null || data === undefined)
    throw new HttpRefusal(
      409,
      "earlier_file_unknown",
      `run ${run.run_id} does not tell which ${run.source_name} file it read to its end; choose a run that loaded one`,
    );
  const related = preflightSources.flatMap((source) => {
    const other = paths[source];
    return other === null ? [] : [[DEFAULT_PROFILES[source], other] as const];
  });
  return { path, sha256: data.file.sha256, related: Object.fromEntries(related) };
}
