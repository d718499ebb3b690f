import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { postJson } from "../../../lib/api.ts";
import type { ScenarioCompareBody, ScenarioComparison } from "../../../lib/api-types.ts";

/** The first forecast after a start has to wake the model; a large segment takes a few seconds. */
const COMPARE_TIMEOUT_MS = 180_000;

/** Scenarios side by side, against the plain forecast. */
export const comparison = (body: ScenarioCompareBody) =>
  queryOptions({
    queryKey: ["scenario-comparison", body],
    queryFn: async ({ signal }) =>
      (
        await postJson<ScenarioComparison>("/scenario/compare", body, {
          signal,
          timeoutMs: COMPARE_TIMEOUT_MS,
        })
      ).body,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: 1,
  });

const NOTHING: ScenarioCompareBody = { scenarios: [] };

export const useComparison = (body: ScenarioCompareBody | null) =>
  useQuery({ ...comparison(body ?? NOTHING), enabled: body !== null });
