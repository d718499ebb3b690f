import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { SystemSummary } from "../../../lib/api-types.ts";

/** What is loaded: stores, rows, first and last day, model. */
export const systemSummary = (source: number | null) =>
  queryOptions({
    queryKey: ["system-summary", source],
    queryFn: ({ signal }) =>
      getJson<SystemSummary>("/system/summary", { query: { data_source_id: source }, signal }),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });

/** @param enabled false when it is known that it may not be seen */
export const useSystemSummary = (source: number | null, enabled = true) =>
  useQuery({ ...systemSummary(source), enabled });
