import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";

const POLL_EVERY_MS = 30_000;

/** Whether the API answers, asked every 30 seconds, also while the tab is in the background. */
export const health = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => getJson<{ status: string }>("/health", { signal, timeoutMs: 10_000 }),
  refetchInterval: POLL_EVERY_MS,
  refetchIntervalInBackground: true,
  refetchOnWindowFocus: true,
  staleTime: 0,
  retry: false,
});

export type ApiState = "checking" | "online" | "offline";

export interface ApiMonitor {
  state: ApiState;
  /** When the API last answered; null when it never has. */
  lastSuccess: number | null;
  /** What went wrong at the last try. */
  problem: string | null;
  check: () => void;
}

export function useApiMonitor(): ApiMonitor {
  const query = useQuery(health);
  const isUp = query.data?.status === "ok" && !query.isError;
  return {
    state: query.isPending ? "checking" : isUp ? "online" : "offline",
    lastSuccess: query.dataUpdatedAt > 0 ? query.dataUpdatedAt : null,
    problem: query.error?.message ?? null,
    check: () => void query.refetch(),
  };
}
