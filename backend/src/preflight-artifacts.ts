import { readFile, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import type { Settings } from "@rossmann/core";
import {
  ARTIFACT_FILES,
  type ArtifactType,
  preflightChoicesOf,
  readPreflightFile,
  resolvePreflightOptions,
} from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";

/** A report that is there. */
export interface Artifact {
  /** never shown to clients */
  path: string;
  /** the path as seen from the folder of reports */
  label: string;
  fileName: string;
  sizeBytes: number;
}

/** Reports hold counts and samples; nothing of this size was written here. */
const LARGEST_REPORT_BYTES = 16 * 1024 * 1024;

/** Folder of all reports: the one that loads write to. */
export function artifactRoot(settings: Settings): string {
  return resolvePreflightOptions([{}, preflightChoicesOf(settings), readPreflightFile()]).artifactRoot;
}

/**
 * Where one report of an examined file is.
 *
 * @param root folder of all reports
 * @returns null when it does not exist
 * @throws {HttpRefusal} 403 when the registry leads out of the folder of reports, by its words or through a link
 */
export async function findArtifact(
  root: string,
  run: PreflightRunRow,
  type: ArtifactType,
): Promise<Artifact | null> {
  if (run.artifact_dir === null) return null;
  const folder = resolve(root, run.artifact_dir);
  const candidates = [registeredPath(run, type), join(folder, ARTIFACT_FILES[type])].flatMap((path) =>
    path === null ? [] : [resolve(root, path)],
  );
  if (!isInside(root, folder) || !candidates.every((path) => isInside(folder, path))) throw outside();
  const realFolder = await existing(folder);
  if (realFolder === null) return null;
  if (!isInside((await existing(root)) ?? root, realFolder)) throw outside();
  for (const candidate of candidates) {
    const path = await existing(candidate);
    if (path === null) continue;
    if (!isInside(realFolder, path)) throw outside();
    const found = await stat(path);
    if (found.isFile())
      return { path, label: relative(root, candidate), fileName: basename(candidate), sizeBytes: found.size };
  }
  return null;
}

/** Content of a JSON report. @throws {HttpRefusal} 400 when the file is none */
export async function readReport(artifact: Artifact): Promise<Record<string, unknown>> {
  if (artifact.sizeBytes > LARGEST_REPORT_BYTES) throw unreadable(artifact, "is too large to be a report");
  let value: unknown;
  try {
    value = JSON.parse(await readFile(artifact.path, "utf8"));
  } catch (error) {
    throw unreadable(artifact, "cannot be read as JSON", error);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw unreadable(artifact, "holds no JSON object");
}

/** What the registry itself says of a type, as seen from the folder of reports. */
function registeredPath(run: PreflightRunRow, type: ArtifactType): string | null {
  if (type === "validation") return run.validation_report_path;
  if (type === "manifest") return run.manifest_path;
  return type === "unified_csv" && run.used_unified ? run.used_input_path : null;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}

/** The path with every link followed; null when there is nothing, or nothing that may be looked at. */
async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}

function unreadable(artifact: Artifact, why: string, cause?: unknown): HttpRefusal {
  const message = `${artifact.label} ${why}; load the file again for a new report`;
  return new HttpRefusal(400, "artifact_unreadable", message, { cause });
}

function outside(): HttpRefusal {
  return new HttpRefusal(
    403,
    "artifact_outside",
    "the reports of this run are registered outside the folder of reports, and nothing outside it is served; check PREFLIGHT_ARTIFACT_DIR",
  );
}
