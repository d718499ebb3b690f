import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { KpiSummary } from "../../../lib/api-types.ts";
import type { Period } from "../../../lib/period.ts";

export interface KpiScope {
  source: number | null;
  store: number | null;
  period: Period;
  comparison: Period | null;
}

/** Totals of a period, and of the period it is compared with. */
export const kpiSummary = ({ source, store, period, comparison }: KpiScope) =>
  queryOptions({
    queryKey: ["kpi-summary", source, store, period, comparison],
    queryFn: ({ signal }) =>
      getJson<KpiSummary>("/kpi/summary", {
        query: {
          data_source_id: source,
          store_id: store,
          date_from: period.from,
          date_to: period.to,
          compare_from: comparison?.from,
          compare_to: comparison?.to,
        },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const useKpiSummary = (scope: KpiScope, enabled = true) => useQuery({ ...kpiSummary(scope), enabled });
