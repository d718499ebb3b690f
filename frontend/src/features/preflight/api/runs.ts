import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { PreflightRunDetail, PreflightRuns } from "../../../lib/api-types.ts";

const BASE = "/diagnostics/preflight";
const PAGE_SIZE = 20;

const detail = (id: string, signal: AbortSignal) =>
  getJson<PreflightRunDetail>(`${BASE}/runs/${encodeURIComponent(id)}`, { signal });

/**
 * One run with every file it examined; the newest when no id is given, and null when there is none. An unknown id is refused
 * with 404.
 */
export const run = (source: number | null, id: string | null) =>
  queryOptions({
    queryKey: ["preflight", "run", source, id],
    queryFn: async ({ signal }): Promise<PreflightRunDetail | null> => {
      if (id !== null) return detail(id, signal);
      const query = { data_source_id: source, limit: 1 };
      const { items } = await getJson<PreflightRuns>(`${BASE}/runs`, { query, signal });
      return items[0] === undefined ? null : detail(items[0].run_id, signal);
    },
    staleTime: 20_000,
  });

export const useRun = (source: number | null, id: string | null, enabled = true) =>
  useQuery({ ...run(source, id), enabled });

/** Which runs are listed. */
export interface RunFilter {
  source_name: string | null;
  mode: string | null;
  final_status: string | null;
}

/** Examined files, newest first, a page at a time. */
export const runs = (source: number | null, filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ["preflight", "runs", source, filter],
    queryFn: ({ pageParam, signal }) =>
      getJson<PreflightRuns>(`${BASE}/runs`, {
        query: { data_source_id: source, ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 20_000,
  });

export const useRuns = (source: number | null, filter: RunFilter) => useInfiniteQuery(runs(source, filter));
