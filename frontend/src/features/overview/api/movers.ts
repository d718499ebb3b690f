import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { StoreMover } from "../../../lib/api-types.ts";
import type { Period } from "../../../lib/period.ts";

const MOST_MOVERS = 5;

/** The stores whose sales changed most against the period of the same length before. */
export const movers = (source: number | null, period: Period) =>
  queryOptions({
    queryKey: ["movers", source, period],
    queryFn: ({ signal }) =>
      getJson<StoreMover[]>("/kpi/movers", {
        query: { data_source_id: source, date_from: period.from, date_to: period.to, limit: MOST_MOVERS },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const useMovers = (source: number | null, period: Period, enabled: boolean) =>
  useQuery({ ...movers(source, period), enabled });
