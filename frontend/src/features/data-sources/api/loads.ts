import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { EtlRuns } from "../../../lib/api-types.ts";

const PAGE_SIZE = 20;
const POLL_RUNNING_MS = 2_000;

/** Loads of a source, newest first, a page at a time; asked again while one runs. */
export const loads = (source: number) =>
  infiniteQueryOptions({
    queryKey: ["data-sources", "loads", source],
    queryFn: ({ pageParam, signal }) =>
      getJson<EtlRuns>("/etl/runs", {
        query: { data_source_id: source, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((run) => run.status === "RUNNING"))
        ? POLL_RUNNING_MS
        : false,
  });

export const useLoads = (source: number) => useInfiniteQuery(loads(source));
