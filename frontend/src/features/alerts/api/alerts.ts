import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type {
  ActiveAlerts,
  AlertHistory,
  AlertPolicies,
  PolicyPreviewAnswer,
  Silences,
} from "../../../lib/api-types.ts";

const BASE = "/diagnostics/preflight/alerts";
const PAGE_SIZE = 50;
/** What is told at once by the live feed is asked for again after this all the same, should the feed be held up on its way. */
const LOOK_AGAIN_MS = 30_000;

/** What asks for attention now. */
export const activeAlerts = queryOptions({
  queryKey: ["alerts", "active"],
  queryFn: ({ signal }) => getJson<ActiveAlerts>(`${BASE}/active`, { query: { limit: 1_000 }, signal }),
  staleTime: 10_000,
  refetchInterval: LOOK_AGAIN_MS,
});

export const useActiveAlerts = () => useQuery(activeAlerts);

export interface HistoryFilter {
  severity: string | null;
  status: string | null;
  policy_id: string | null;
}

/** Changes of state, newest first, a page at a time. */
export const useAlertHistory = (filter: HistoryFilter) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["alerts", "history", filter],
      queryFn: ({ pageParam, signal }) =>
        getJson<AlertHistory>(`${BASE}/history`, {
          query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor,
      staleTime: 10_000,
    }),
  );

/** When a figure deserves a call, and how each policy's last evaluation went. */
export const usePolicies = () =>
  useQuery({
    queryKey: ["alerts", "policies"],
    queryFn: ({ signal }) => getJson<AlertPolicies>(`${BASE}/policies`, { signal }),
    staleTime: 10_000,
  });

/**
 * How often a policy would have fired.
 *
 * @param threshold null for the policy's own
 */
export const usePolicyPreview = (policy: string, days: number, threshold: number | null) =>
  useQuery({
    queryKey: ["alerts", "preview", policy, days, threshold],
    queryFn: ({ signal }) =>
      getJson<PolicyPreviewAnswer>(`${BASE}/policies/${encodeURIComponent(policy)}/preview`, {
        query: { days, threshold },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** Who asked for quiet, and until when. */
export const useSilences = (includeExpired: boolean) =>
  useQuery({
    queryKey: ["alerts", "silences", includeExpired],
    queryFn: ({ signal }) =>
      getJson<Silences>(`${BASE}/silences`, {
        query: { include_expired: includeExpired, limit: 200 },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    refetchInterval: LOOK_AGAIN_MS,
  });
