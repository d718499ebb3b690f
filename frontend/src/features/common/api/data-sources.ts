import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { DataSourceItem } from "../../../lib/api-types.ts";

/** Every data source, the default one first; retired ones too. */
export const dataSources = queryOptions({
  queryKey: ["data-sources"],
  queryFn: ({ signal }) =>
    getJson<DataSourceItem[]>("/data-sources", { query: { include_inactive: true }, signal }),
  staleTime: 60_000,
});

/** @param enabled false while it is not known whether anything may be seen */
export const useDataSources = (enabled = true) => useQuery({ ...dataSources, enabled });
