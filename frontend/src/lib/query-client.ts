import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

/** Business figures change with a load, not by the minute. */
const STALE_AFTER_MS = 5 * 60_000;

/** The cache of answers. Refusals (4xx) are not asked again; a failing or absent server is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        gcTime: 30 * 60_000,
        refetchOnWindowFocus: false,
        // Offline is what /health says, not what the browser guesses about the network.
        networkMode: "always",
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
    },
  });
}
