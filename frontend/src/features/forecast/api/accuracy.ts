import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { ForecastAccuracy } from "../../../lib/api-types.ts";

/** How far off the serving model was in its last backtest, for one store. */
export const accuracy = (source: number | null, store: number) =>
  queryOptions({
    queryKey: ["accuracy", source, store],
    queryFn: ({ signal }) =>
      getJson<ForecastAccuracy>("/forecast/accuracy", {
        query: { store_id: store, data_source_id: source },
        signal,
      }),
  });

export const useAccuracy = (source: number | null, store: number | null, enabled: boolean) =>
  useQuery({ ...accuracy(source, store ?? 0), enabled: enabled && store !== null });
