import { queryOptions, useQuery } from "@tanstack/react-query";
import { deleteJson, getJson, postJson } from "../../../lib/api.ts";
import type { NewOverrideBody, Override, OverrideValue } from "../../../lib/api-types.ts";

const PATH = "/forecast/overrides";

/** A store's corrections that hold, newest first. */
const overrides = (source: number | null, store: number) =>
  queryOptions({
    queryKey: ["overrides", source, store],
    queryFn: ({ signal }) =>
      getJson<Override[]>(PATH, { query: { data_source_id: source, store_id: store }, signal }),
    staleTime: 10_000,
  });

export const useOverrides = (source: number | null, store: number | null, enabled: boolean) =>
  useQuery({ ...overrides(source, store ?? 0), enabled: enabled && store !== null });

/** What corrections were worth, once the sales had come. */
export const useOverrideValue = (source: number | null, enabled: boolean) =>
  useQuery({
    queryKey: ["override-value", source],
    queryFn: ({ signal }) =>
      getJson<OverrideValue>(`${PATH}/value`, { query: { data_source_id: source }, signal }),
    enabled,
  });

export const addOverride = (body: NewOverrideBody) => postJson<Override>(PATH, body);

export const withdrawOverride = (source: number | null, id: number) =>
  deleteJson<Override>(`${PATH}/${id}${source === null ? "" : `?data_source_id=${source}`}`);
