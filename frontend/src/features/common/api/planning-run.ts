import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { PlanningRun } from "../../../lib/api-types.ts";

const POLL_EVERY_MS = 400;

/** A batch or scenario by its id: how far it is, and its answer once there is one. Asked again only while it runs. */
export const planningRun = (id: string) =>
  queryOptions({
    queryKey: ["planning-run", id],
    queryFn: ({ signal }) => getJson<PlanningRun>(`/planning/runs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => (query.state.data?.status === "RUNNING" ? POLL_EVERY_MS : false),
    staleTime: (query) => (query.state.data?.status === "RUNNING" ? 0 : Number.POSITIVE_INFINITY),
  });

export const usePlanningRun = (id: string | null) =>
  useQuery({ ...planningRun(id ?? ""), enabled: id !== null });
