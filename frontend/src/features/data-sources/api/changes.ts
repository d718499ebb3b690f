import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { deleteJson, patchJson, postJson } from "../../../lib/api.ts";
import type { DataSourceItem } from "../../../lib/api-types.ts";
import { useAction } from "../../../lib/use-action.ts";

/** What a person says of a data source. */
export interface SourceFields {
  name: string;
  description: string | null;
  source_type: string;
  related_contract_id: string | null;
  related_contract_version: string | null;
  is_active: boolean;
  is_default: boolean;
}

const path = (id: number): string => `/data-sources/${id}`;

/** What shows which sources there are is asked for again. */
export const forgetSources = (client: QueryClient): Promise<unknown> =>
  Promise.all(
    ["data-sources", "system-summary"].map((name) => client.invalidateQueries({ queryKey: [name] })),
  );

/** Makes a source, or changes one; gives the source as it is now. */
export function useSaveSource(id: number | null, onSaved: (source: DataSourceItem) => void) {
  const client = useQueryClient();
  return useAction(
    async (fields: Partial<SourceFields>) => {
      onSaved(
        id === null
          ? (await postJson<DataSourceItem>("/data-sources", fields)).body
          : await patchJson<DataSourceItem>(path(id), fields),
      );
    },
    () => forgetSources(client),
  );
}

/** Removes a source that holds nothing; refused (409) with the reason otherwise. */
export function useDeleteSource() {
  const client = useQueryClient();
  return useAction(
    (id: number) => deleteJson<unknown>(path(id)),
    () => forgetSources(client),
  );
}
