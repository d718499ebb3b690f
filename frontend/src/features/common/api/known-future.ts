import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { KnownFuture } from "../../../lib/api-types.ts";

/** Promotion, opening and holidays of a store's coming days, known or projected. */
export const knownFuture = (source: number | null, store: number, horizon: number) =>
  queryOptions({
    queryKey: ["known-future", source, store, horizon],
    queryFn: ({ signal }) =>
      getJson<KnownFuture>("/forecast/calendar", {
        query: { data_source_id: source, store_id: store, horizon_days: horizon },
        signal,
      }),
  });

export const useKnownFuture = (
  source: number | null,
  store: number | null,
  horizon: number,
  enabled: boolean,
) => useQuery({ ...knownFuture(source, store ?? 0, horizon), enabled: enabled && store !== null });
