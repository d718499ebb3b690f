import type { ArtifactType } from "@rossmann/etl";
import { type Db, findPreflightRun, type PreflightFilter, type PreflightRunRow } from "@rossmann/warehouse";
import type { FastifyRequest } from "fastify";
import { HttpRefusal } from "./errors.ts";

/** What whoever asks may see. */
export function seenBy(request: FastifyRequest): PreflightFilter {
  return { visibleDataSourceIds: request.caller.dataSourceIds };
}

/**
 * One examined file of a run.
 *
 * @param filter what whoever asks may see
 * @throws {HttpRefusal} 404 for a run that does not exist or is not theirs, and for a file that the run did not examine
 */
export async function examinedFile(
  db: Db,
  { run_id, source_name }: { run_id: string; source_name: string },
  filter: PreflightFilter = {},
): Promise<PreflightRunRow> {
  const records = await findPreflightRun(db, run_id, filter);
  if (records.length === 0) throw runUnknown(run_id);
  const found = records.find((record) => record.source_name === source_name);
  if (found !== undefined) return found;
  throw new HttpRefusal(
    404,
    "preflight_source_unknown",
    `Source '${source_name}' was not examined in run ${run_id}; it has ${records.map((record) => record.source_name).join(", ")}`,
  );
}

/** Also the answer for a run of a data source that the caller may not see. */
export function runUnknown(runId: string): HttpRefusal {
  return new HttpRefusal(
    404,
    "preflight_run_unknown",
    `there is no preflight run ${runId}; /diagnostics/preflight/runs lists those that exist`,
  );
}

export function notAvailable(run: PreflightRunRow, type: ArtifactType): HttpRefusal {
  return new HttpRefusal(
    404,
    "artifact_not_available",
    `the artifact ${type} of run ${run.run_id}, ${run.source_name}, is not available: this run did not write it, or its folder was removed`,
  );
}
