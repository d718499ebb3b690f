import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { ModelMetadata, ModelVersionItem } from "../../../lib/api-types.ts";

/** Every version of the registry, newest first. */
export const versions = (source: number | null) =>
  queryOptions({
    queryKey: ["models", "versions", source],
    queryFn: ({ signal }) =>
      getJson<ModelVersionItem[]>("/ml/models", { query: { data_source_id: source }, signal }),
  });

export const useVersions = (source: number | null) => useQuery(versions(source));

/** What the training of the serving model wrote beside it. */
export const metadata = (source: number | null) =>
  queryOptions({
    queryKey: ["models", "metadata", source],
    queryFn: ({ signal }) =>
      getJson<ModelMetadata>("/model/metadata", { query: { data_source_id: source }, signal }),
  });

export const useMetadata = (source: number | null, enabled: boolean) =>
  useQuery({ ...metadata(source), enabled });
