import type { Settings } from "@rossmann/core";
import { DEFAULT_PROFILES, type PreflightSource, preflightSources } from "@rossmann/etl";
import { type Db, findEtlRun, findPreflightRun, type PreflightRunRow } from "@rossmann/warehouse";
import { z } from "zod";
import { artifactRoot, findArtifact } from "./preflight-artifacts.ts";

const recordedFile = z.object({ file: z.object({ sha256: z.string() }) });

/** A file of an earlier run, and what else was delivered with it. Its paths are never shown to clients. */
export interface EarlierFile {
  path: string;
  /** what its bytes must still hash to; null for a file of our own */
  sha256: string | null;
  /** by profile of the contract */
  related: Record<string, string>;
}

/** The file as it was delivered: null when the run does not tell where it lay, or did not read it to its end. */
export async function deliveredFile(db: Db, run: PreflightRunRow): Promise<EarlierFile | null> {
  const load = await findEtlRun(db, run.run_id).catch(() => null);
  const { data } = recordedFile.safeParse(run.summary_json);
  return fileOf(
    run,
    {
      train: load?.trainInputPath,
      store: load?.storeInputPath,
      future: load?.futureInputPath,
    },
    data?.file.sha256,
  );
}

/** The rows of it that were accepted, as the run wrote them: null when it wrote none, or they were removed. */
export async function unifiedFile(
  db: Db,
  settings: Settings,
  run: PreflightRunRow,
): Promise<EarlierFile | null> {
  const records = await findPreflightRun(db, run.run_id, { dataSourceId: run.data_source_id });
  const paths: Paths = {};
  for (const record of records) {
    const artifact = await findArtifact(artifactRoot(settings), record, "unified_csv");
    paths[record.source_name as PreflightSource] = artifact?.path;
  }
  return fileOf(run, paths, null);
}

type Paths = Partial<Record<PreflightSource, string | null | undefined>>;

function fileOf(run: PreflightRunRow, paths: Paths, sha256: string | null | undefined): EarlierFile | null {
  const path = paths[run.source_name as PreflightSource];
  if (!path || sha256 === undefined) return null;
  const related = preflightSources.flatMap((source) => {
    const other = paths[source];
    return other ? [[DEFAULT_PROFILES[source], other] as const] : [];
  });
  return { path, sha256, related: Object.fromEntries(related) };
}
