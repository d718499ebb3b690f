import { useQueryStates } from "nuqs";
import type { SystemSummary } from "./api-types.ts";
import { comparisonPeriod, type Period, type ResolvedPeriod, resolvePeriod } from "./period.ts";
import { sharedParams } from "./url-state.ts";

/** The filters of the address bar, as they stand there. */
export function useSharedFilters() {
  const [filters, setFilters] = useQueryStates(sharedParams);
  return { filters, setFilters };
}

export type SharedFilters = ReturnType<typeof useSharedFilters>["filters"];

/** First and last day that have a sale; null while nothing is loaded. */
export function dataPeriod(summary: SystemSummary | undefined): Period | null {
  return summary?.date_from && summary.date_to ? { from: summary.date_from, to: summary.date_to } : null;
}

export interface Scope {
  source: number | null;
  store: number | null;
  data: Period;
  period: ResolvedPeriod;
  comparison: Period | null;
}

/** What a page shows, from the address and from what the data covers. */
export function resolveScope(filters: SharedFilters, data: Period): Scope {
  const period = resolvePeriod(filters, data);
  return {
    source: filters.source,
    store: filters.store,
    data,
    period,
    comparison: comparisonPeriod(period, filters.compare, data),
  };
}
