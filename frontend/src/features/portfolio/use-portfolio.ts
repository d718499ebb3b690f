import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Batch, BatchBody, PlanningRun } from "../../lib/api-types.ts";
import { useLast } from "../../lib/use-last.ts";
import { usePlanningRun } from "../common/api/planning-run.ts";
import { type Begun, batchForecast, begunBatch } from "./api/batch-forecast.ts";

export interface PortfolioQuestion {
  /** null while it is not known what to ask. */
  body: BatchBody | null;
  /** So many stores that it is begun as a run of its own, with progress, and found again by the address. */
  isLong: boolean;
  /** The run in the address: it is the answer, whatever is asked. */
  run: string | null;
  onRun: (run: string | null) => void;
}

export interface PortfolioAnswer {
  batch: Batch | undefined;
  /** The figures are those of the question before. */
  isRefreshing: boolean;
  isWorking: boolean;
  /** How far a long one is. */
  progress: PlanningRun["progress"];
  error: Error | null;
  again: () => void;
  /** Calls a short one off; a long one goes on by itself. */
  cancel: (() => void) | null;
}

const NOTHING: BatchBody = { store_ids: [] };

/** The answer to what the page asks: at once for a few stores, by a watched run for many. */
export function usePortfolio({ body, isLong, run, onRun }: PortfolioQuestion): PortfolioAnswer {
  const client = useQueryClient();
  const [attempt, setAttempt] = useState(0);
  const asks = body !== null && run === null;
  const short = useQuery({ ...batchForecast(body ?? NOTHING), enabled: asks && !isLong });
  const begun = useQuery({ ...begunBatch(body ?? NOTHING, attempt), enabled: asks && isLong });
  const watched = usePlanningRun(run);

  const answered = isAnswer(begun.data) ? begun.data : undefined;
  const begunRun = asks && isLong && answered === undefined ? begun.data?.run_id : undefined;
  useEffect(() => {
    if (begunRun !== undefined) onRun(begunRun);
  }, [begunRun, onRun]);

  const current = run === null ? (isLong ? answered : short.data) : batchOf(watched.data);
  const batch = useLast(current);
  const isRunning = watched.data?.status === "RUNNING";
  return {
    batch,
    isRefreshing: batch !== undefined && current === undefined,
    isWorking: run === null ? short.isFetching || begun.isFetching : watched.isLoading || isRunning,
    progress: run === null ? null : (watched.data?.progress ?? null),
    error: run === null ? (isLong ? begun.error : short.error) : runError(watched.data, watched.error, run),
    again: () => {
      setAttempt(attempt + 1);
      if (run !== null) onRun(null);
      else if (!isLong) void short.refetch();
    },
    cancel:
      run === null && !isLong && body !== null
        ? () => void client.cancelQueries({ queryKey: batchForecast(body).queryKey })
        : null,
  };
}

const isAnswer = (found: Begun | PlanningRun["result"] | undefined): found is Batch =>
  found != null && "portfolio_series" in found;

const batchOf = (run: PlanningRun | undefined): Batch | undefined =>
  isAnswer(run?.result) ? run.result : undefined;

function runError(run: PlanningRun | undefined, error: Error | null, id: string): Error | null {
  if (run === undefined) return error;
  if (run.status === "FAILED")
    return new Error(run.error_message ?? "The forecast ended without an answer, and without a reason.");
  if (run.status === "COMPLETED" && batchOf(run) === undefined)
    return new Error(`Run ${id} is not a forecast of several stores.`);
  return null;
}
