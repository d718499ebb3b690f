import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type {
  DeliveryAttempts,
  NotificationEndpoints,
  NotificationStats,
  OutboxPage,
} from "../../../lib/api-types.ts";

const BASE = "/diagnostics/preflight/notifications";
const PAGE_SIZE = 50;
/** A notification is tried at most so often, replays have a notification of their own. */
const MOST_ATTEMPTS = 100;

/** Where notifications go, and how each of these places is. */
export const useEndpoints = () =>
  useQuery({
    queryKey: ["alerts", "endpoints"],
    queryFn: ({ signal }) => getJson<NotificationEndpoints>(`${BASE}/endpoints`, { signal }),
    staleTime: 10_000,
  });

/** Figures of the last 30 days over all attempts. */
export const useDeliveryStats = () =>
  useQuery({
    queryKey: ["alerts", "delivery-stats"],
    queryFn: ({ signal }) => getJson<NotificationStats>(`${BASE}/stats`, { query: { days: 30 }, signal }),
    staleTime: 10_000,
  });

export interface OutboxFilter {
  status: string | null;
  channel_target: string | null;
}

const outboxPage = (filter: OutboxFilter, limit: number, cursor: string | null, signal: AbortSignal) =>
  getJson<OutboxPage>(`${BASE}/outbox`, { query: { ...filter, limit, cursor }, signal });

/** Notifications with how they stand, newest first, a page at a time. */
export const useOutbox = (filter: OutboxFilter) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["alerts", "deliveries", filter],
      queryFn: ({ pageParam, signal }) =>
        outboxPage({ ...filter, status: filter.status ?? "ALL" }, PAGE_SIZE, pageParam, signal),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor,
      staleTime: 10_000,
    }),
  );

/** Most notifications that one request sends again. */
export const MOST_REPLAYED = 1_000;

/** Everything that was given up, to be counted before it is sent again. */
export const useDead = (channel: string | null) =>
  useQuery({
    queryKey: ["alerts", "deliveries", "dead", channel],
    queryFn: ({ signal }) =>
      outboxPage({ status: "DEAD", channel_target: channel }, MOST_REPLAYED, null, signal),
    staleTime: 0,
  });

/** Every attempt to deliver one notification. */
export const useAttempts = (item: string) =>
  useQuery({
    queryKey: ["alerts", "deliveries", "attempts", item],
    queryFn: ({ signal }) =>
      getJson<DeliveryAttempts>(`${BASE}/attempts`, {
        query: { outbox_item_id: item, limit: MOST_ATTEMPTS },
        signal,
      }),
    staleTime: 5_000,
  });
