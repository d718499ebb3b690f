import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, postJson } from "../../../lib/api.ts";
import type { UploadItem } from "../../../lib/api-types.ts";
import { useAction } from "../../../lib/use-action.ts";
import { forgetSources } from "./changes.ts";

const POLL_WORKING_MS = 1_000;

export type LoadMode = UploadItem["preflight_mode"];
/** Whether the files take the place of what is there, or are added to it. */
export type LoadKind = UploadItem["kind"];

/** Whether something still happens to it. */
export const isWorking = (upload: UploadItem): boolean =>
  upload.status === "QUEUED" || upload.status === "RUNNING";

/** The last uploads of a source, newest first; asked every second while one is at work. */
export const uploads = (source: number) =>
  queryOptions({
    queryKey: ["data-sources", "uploads", source],
    queryFn: ({ signal }) =>
      getJson<{ items: UploadItem[] }>(`/data-sources/${source}/uploads`, { query: { limit: 5 }, signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.items.some(isWorking) ? POLL_WORKING_MS : false),
  });

export const useUploads = (source: number) => useQuery(uploads(source));

const path = (upload: UploadItem, verb: string): string =>
  `/data-sources/${upload.data_source_id}/uploads/${encodeURIComponent(upload.upload_id)}/${verb}`;

const forget = (client: QueryClient, source: number): Promise<unknown> =>
  client.invalidateQueries({ queryKey: uploads(source).queryKey });

/** Calls an upload off that is waiting or at work; what was loaded before stays. */
export function useCancelUpload(source: number) {
  const client = useQueryClient();
  return useAction(
    (upload: UploadItem) => postJson<UploadItem>(path(upload, "cancel"), {}),
    () => forget(client, source),
  );
}

/** Tries an upload again that failed or was called off; its files are still there. */
export function useRetryUpload(source: number) {
  const client = useQueryClient();
  return useAction(
    (upload: UploadItem) => postJson<UploadItem>(path(upload, "retry"), {}),
    () => forget(client, source),
  );
}

/** After a load everything may be another: figures, stores, runs, verdicts. */
export async function forgetFigures(client: QueryClient): Promise<void> {
  await forgetSources(client);
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}
