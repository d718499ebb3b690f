import { queryOptions } from "@tanstack/react-query";
import { postJson } from "../../../lib/api.ts";
import type { Batch, BatchBody, PlanningRun } from "../../../lib/api-types.ts";

/** The first forecast after a start has to wake the model. */
const BATCH_TIMEOUT_MS = 180_000;

/** A forecast of several stores, each alone and all together. Kept until it is asked for again: each answer is a run of its own. */
export const batchForecast = (body: BatchBody) =>
  queryOptions({
    queryKey: ["batch-forecast", body],
    queryFn: async ({ signal }) =>
      (await postJson<Batch>("/forecast/batch", body, { signal, timeoutMs: BATCH_TIMEOUT_MS })).body,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });

/** A forecast that was begun: the run to watch, or the answer when it was there at once. */
export type Begun = Batch | Pick<PlanningRun, "run_id">;

/** Begins a forecast that goes on by itself. */
export const begunBatch = (body: BatchBody, attempt: number) =>
  queryOptions({
    queryKey: ["begun-batch", body, attempt],
    queryFn: async ({ signal }) =>
      (
        await postJson<Begun>(
          "/forecast/batch",
          { ...body, background: true },
          { signal, timeoutMs: BATCH_TIMEOUT_MS },
        )
      ).body,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
