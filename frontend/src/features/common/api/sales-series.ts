import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { SalesPoint } from "../../../lib/api-types.ts";
import type { Period } from "../../../lib/period.ts";

export type Granularity = "daily" | "monthly";

export interface SeriesScope {
  source: number | null;
  /** null = the whole chain, summed by the server. */
  store: number | null;
  period: Period;
  granularity: Granularity;
}

/** Sales over time: one row per day or month, of one store or of the chain. */
export const salesSeries = ({ source, store, period, granularity }: SeriesScope) =>
  queryOptions({
    queryKey: ["sales-series", source, store, period, granularity],
    queryFn: ({ signal }) =>
      getJson<SalesPoint[]>("/sales/timeseries", {
        query: {
          data_source_id: source,
          store_id: store,
          aggregate: store === null ? "chain" : "store",
          granularity,
          date_from: period.from,
          date_to: period.to,
        },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const useSalesSeries = (scope: SeriesScope, enabled = true) =>
  useQuery({ ...salesSeries(scope), enabled });
