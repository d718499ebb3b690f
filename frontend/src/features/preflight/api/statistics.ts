import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { PreflightStats, PreflightTopRules, PreflightTrends } from "../../../lib/api-types.ts";
import type { Window } from "../params.ts";

const about = (source: number | null, days: Window) => ({
  data_source_id: source,
  days: days === "all" ? null : days,
});

const asked = <T>(what: string, source: number | null, days: Window, more: Record<string, string> = {}) =>
  queryOptions({
    queryKey: ["preflight", what, source, days],
    queryFn: ({ signal }) =>
      getJson<T>(`/diagnostics/preflight/${what}`, { query: { ...about(source, days), ...more }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

/** How many files passed, warned, failed, were turned away. */
export const useStats = (source: number | null, days: Window) =>
  useQuery(asked<PreflightStats>("stats", source, days));

/** The same by day. */
export const useTrends = (source: number | null, days: Window) =>
  useQuery(asked<PreflightTrends>("trends", source, days, { bucket: "day" }));

/** The rules that were broken most. */
export const useTopRules = (source: number | null, days: Window) =>
  useQuery(asked<PreflightTopRules>("rules/top", source, days, { limit: "10" }));
