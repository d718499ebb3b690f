import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { ForecastActuals } from "../../../lib/api-types.ts";

/** Forecasts that were given, against the sales that came later; of one store or of all. */
export const forecastActuals = (source: number | null, store: number | null) =>
  queryOptions({
    queryKey: ["forecast-actuals", source, store],
    queryFn: ({ signal }) =>
      getJson<ForecastActuals>("/forecast/actuals", {
        query: { data_source_id: source, store_id: store },
        signal,
      }),
  });

export const useForecastActuals = (source: number | null, store: number | null, enabled = true) =>
  useQuery({ ...forecastActuals(source, store), enabled });
