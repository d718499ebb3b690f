import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { postJson } from "../../../lib/api.ts";
import type { BatchForecast } from "../../../lib/api-types.ts";

/** All stores at once take a few seconds; the first forecast after a start has to wake the model too. */
const BATCH_TIMEOUT_MS = 180_000;

/** A forecast of several stores, each alone and all together. Kept until it is asked for again: each answer is a run of its own. */
export const batchForecast = (source: number | null, stores: readonly number[], horizon: number) =>
  queryOptions({
    queryKey: ["batch-forecast", source, stores, horizon],
    queryFn: async ({ signal }) =>
      (
        await postJson<BatchForecast>(
          "/forecast/batch",
          { store_ids: stores, horizon_days: horizon, data_source_id: source },
          { signal, timeoutMs: BATCH_TIMEOUT_MS },
        )
      ).body,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: 1,
  });

export const useBatchForecast = (
  source: number | null,
  stores: readonly number[],
  horizon: number,
  enabled: boolean,
) => useQuery({ ...batchForecast(source, stores, horizon), enabled: enabled && stores.length > 0 });
