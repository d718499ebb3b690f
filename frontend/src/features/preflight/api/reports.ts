import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type {
  PreflightArtifacts,
  PreflightManifest,
  PreflightSemantic,
  PreflightValidation,
} from "../../../lib/api-types.ts";
import type { FileKind } from "../params.ts";

/** A report is written once and never changes. */
const report = <T>(run: string, file: FileKind, what: "validation" | "semantic" | "manifest") =>
  queryOptions({
    queryKey: ["preflight", "report", run, file, what],
    queryFn: ({ signal }) => getJson<T>(`${pathOf(run, file)}/${what}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const pathOf = (run: string, file: FileKind): string =>
  `/diagnostics/preflight/runs/${encodeURIComponent(run)}/sources/${file}`;

/** What was found before the rules: file, header, rows, cells. */
export const useValidation = (run: string, file: FileKind) =>
  useQuery(report<PreflightValidation>(run, file, "validation"));

/** What the rules said. A file that could not be read has no such report (404). */
export const useSemantic = (run: string, file: FileKind, enabled: boolean) =>
  useQuery({ ...report<PreflightSemantic>(run, file, "semantic"), enabled });

/** How the file's columns and cells were read. */
export const useManifest = (run: string, file: FileKind, enabled: boolean) =>
  useQuery({ ...report<PreflightManifest>(run, file, "manifest"), enabled });

/** The files that the run wrote; their links hold for minutes, so they are asked for anew. */
export const useArtifacts = (run: string, file: FileKind) =>
  useQuery({
    queryKey: ["preflight", "artifacts", run, file],
    queryFn: ({ signal }) => getJson<PreflightArtifacts>(`${pathOf(run, file)}/artifacts`, { signal }),
    staleTime: 60_000,
    refetchInterval: 4 * 60_000,
  });
