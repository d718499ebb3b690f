import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { Store } from "../../../lib/api-types.ts";

/** All stores with attributes and ranks, ordered by number. */
export const stores = (source: number | null) =>
  queryOptions({
    queryKey: ["stores", source],
    queryFn: ({ signal }) => getJson<Store[]>("/stores", { query: { data_source_id: source }, signal }),
  });

export const useStores = (source: number | null) => useQuery(stores(source));
