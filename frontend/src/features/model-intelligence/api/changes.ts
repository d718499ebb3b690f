import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { deleteJson, postJson } from "../../../lib/api.ts";
import type { ExperimentItem, ModelVersionItem } from "../../../lib/api-types.ts";
import { useAction } from "../../../lib/use-action.ts";

export type Profile = "quick" | "full";

/** A change of what serves: which version gets which name, or back to the version before. */
export type RegistryChange =
  | { kind: "promote"; version: number; alias: "champion" | "challenger" }
  | { kind: "rollback" };

const STARTS_WITHIN_MS = 60_000;

/** Everything that depends on which model serves is asked for again. */
export async function forgetModels(client: QueryClient): Promise<void> {
  const names = ["models", "system-summary", "forecast", "accuracy", "outlook"];
  await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })));
}

/** Begins a training in the background. Refused (409) while another one of the same data source runs. */
export function useStartTraining(source: number | null) {
  const client = useQueryClient();
  return useAction(
    (profile: Profile) =>
      postJson<ExperimentItem>(
        "/ml/trainings",
        { profile, data_source_id: source },
        { timeoutMs: STARTS_WITHIN_MS },
      ),
    () => forgetTrainings(client),
  );
}

/** Calls a running training off; the model that serves stays. */
export function useCancelTraining() {
  const client = useQueryClient();
  return useAction(
    (id: string) => deleteJson<ExperimentItem>(`/ml/trainings/${encodeURIComponent(id)}`),
    () => forgetTrainings(client),
  );
}

/** Changes which version serves. */
export function useRegistryChange(source: number | null) {
  const client = useQueryClient();
  const options = { query: { data_source_id: source } };
  return useAction(
    (change: RegistryChange) =>
      change.kind === "rollback"
        ? postJson<ModelVersionItem>("/ml/models/rollback", {}, options)
        : postJson<ModelVersionItem>(
            `/ml/models/${change.version}/promote`,
            { alias: change.alias },
            options,
          ),
    () => forgetModels(client),
  );
}

const forgetTrainings = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: ["models", "trainings"] });
