import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../../../lib/api.ts";
import type { BacktestTable, ExperimentItem, Experiments } from "../../../lib/api-types.ts";

const POLL_RUNNING_MS = 2_000;
/** Somebody else may start a training, from another window or the command line. */
const POLL_IDLE_MS = 20_000;

export const isRunning = (item: ExperimentItem): boolean => item.status === "RUNNING";

/** The trainings of a data source, newest first; asked every 2 seconds while one runs. */
export const trainings = (source: number | null) =>
  queryOptions({
    queryKey: ["models", "trainings", source],
    queryFn: ({ signal }) =>
      getJson<Experiments>("/ml/experiments", { query: { limit: 100, data_source_id: source }, signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? POLL_RUNNING_MS : POLL_IDLE_MS),
  });

export const useTrainings = (source: number | null) => useQuery(trainings(source));

/** What a training measured, by model, starting point and segment. It never changes once the training is over. */
export const backtest = (experiment: string) =>
  queryOptions({
    queryKey: ["models", "backtest", experiment],
    queryFn: ({ signal }) =>
      getJson<BacktestTable>(`/ml/experiments/${encodeURIComponent(experiment)}/backtest`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

/** @param experiment null = there is none to ask for */
export const useBacktest = (experiment: string | null) =>
  useQuery({ ...backtest(experiment ?? ""), enabled: experiment !== null });
