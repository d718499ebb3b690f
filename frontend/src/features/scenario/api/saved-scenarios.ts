import { queryOptions, useQuery } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, putJson } from "../../../lib/api.ts";
import type { ChangeScenarioBody, NewScenarioBody, SavedScenario } from "../../../lib/api-types.ts";

const PATH = "/scenarios";
const one = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** What people have kept, newest change first. */
export const savedScenarios = (source: number | null) =>
  queryOptions({
    queryKey: ["saved-scenarios", source],
    queryFn: ({ signal }) => getJson<SavedScenario[]>(PATH, { query: { data_source_id: source }, signal }),
    staleTime: 10_000,
  });

/** One of them by its id, which is also what a share link holds. */
export const savedScenario = (id: string) =>
  queryOptions({
    queryKey: ["saved-scenario", id],
    queryFn: ({ signal }) => getJson<SavedScenario>(one(id), { signal }),
    staleTime: 10_000,
  });

export const useSavedScenarios = (source: number | null) => useQuery(savedScenarios(source));
export const useSavedScenario = (id: string | null) =>
  useQuery({ ...savedScenario(id ?? ""), enabled: id !== null });

/** Keeps a new one. @returns it as it was kept */
export const saveScenario = async (body: NewScenarioBody): Promise<SavedScenario> =>
  (await postJson<SavedScenario>(PATH, body)).body;

/** Keeps a change. @throws {ApiError} with status 409 when somebody saved another version meanwhile */
export const changeScenario = (id: string, body: ChangeScenarioBody): Promise<SavedScenario> =>
  putJson<SavedScenario>(one(id), body);

export const removeScenario = (id: string): Promise<unknown> => deleteJson(one(id));
