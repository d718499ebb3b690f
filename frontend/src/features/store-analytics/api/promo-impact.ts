import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { PromoImpactRow } from "../../../lib/api-types.ts";

/** Days with a promotion against days without, over the whole history: two rows per store. */
export const promoImpact = (source: number | null, store: number | null) =>
  queryOptions({
    queryKey: ["promo-impact", source, store],
    queryFn: ({ signal }) =>
      getJson<PromoImpactRow[]>("/kpi/promo-impact", {
        query: { data_source_id: source, store_id: store },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const usePromoImpact = (source: number | null, store: number | null) =>
  useQuery(promoImpact(source, store));
