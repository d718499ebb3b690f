import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { postJson } from "../../../lib/api.ts";
import type { ForecastPoint } from "../../../lib/api-types.ts";

/** A first forecast may have to wake the model; the reader can call it off at any time. */
const FORECAST_TIMEOUT_MS = 180_000;

export interface StoreForecast {
  points: ForecastPoint[];
  /** Names the run in the registry; null when the server does not say. */
  runId: string | null;
  modelVersion: string | null;
  /** Last day the forecast knows sales of. */
  origin: string | null;
}

/** A forecast of one store. Kept until it is asked for again: each answer is a run of its own. */
export const storeForecast = (source: number | null, store: number, horizon: number) =>
  queryOptions({
    queryKey: ["forecast", source, store, horizon],
    queryFn: async ({ signal }): Promise<StoreForecast> => {
      const { body, headers } = await postJson<ForecastPoint[]>(
        "/forecast",
        { store_id: store, horizon_days: horizon, drivers: true, data_source_id: source },
        { signal, timeoutMs: FORECAST_TIMEOUT_MS },
      );
      return {
        points: body,
        runId: headers.get("X-Forecast-Run-Id"),
        modelVersion: headers.get("X-Model-Version"),
        origin: headers.get("X-Forecast-Origin"),
      };
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: 1,
  });

export const useStoreForecast = (
  source: number | null,
  store: number | null,
  horizon: number,
  enabled: boolean,
) => useQuery({ ...storeForecast(source, store ?? 0, horizon), enabled: enabled && store !== null });
