import { type Effects, messageOf } from "@rossmann/core";
import type { Forecaster } from "@rossmann/ml";
import {
  type Db,
  type NewForecastRun,
  newRunId,
  recordForecastRun,
  reportRunProgress,
} from "@rossmann/warehouse";
import type { ForecastRuns } from "../forecast-runs.ts";
import type { Batch } from "../schemas/batch.ts";
import { batchAnswer } from "./batch-answer.ts";
import { versionOf } from "./stamp-answer.ts";

export interface BatchOrder {
  dataSourceId: number;
  /** without duplicates, in the order they were named */
  storeIds: number[];
  horizon: number;
  level: number;
}

export interface BatchProgress {
  /** 0–1 */
  share: number;
  message: string;
}

export interface StartedBatch {
  runId: string;
  answer: Promise<Batch>;
}

/** Portfolios that are computed, each with its record. */
export interface BatchRuns {
  /** Compute, and keep a record of answer or refusal. */
  start(order: BatchOrder, onProgress?: (progress: BatchProgress) => void): StartedBatch;
  /** As `start`, with a record that says how far it is from the beginning on, for those who ask by its id. */
  startRecorded(order: BatchOrder, onProgress?: (progress: BatchProgress) => void): Promise<StartedBatch>;
  /** Resolves when everything that was started has ended. */
  drain(): Promise<void>;
}

/** The record is told of progress at most so often. */
const PROGRESS_PAUSE_MS = 500;

export function createBatchRuns(
  db: Db,
  forecaster: Forecaster,
  forecastRuns: ForecastRuns,
  { now, logger }: Effects,
): BatchRuns {
  const running = new Set<Promise<unknown>>();

  function compute(
    run: NewForecastRun & { runId: string },
    order: BatchOrder,
    onProgress?: (progress: BatchProgress) => void,
  ): Promise<Batch> {
    const answer = answerTo(run, order, onProgress);
    running.add(answer);
    // Whoever waits for the answer hears of its failure; the record holds it too.
    answer.catch(() => undefined).finally(() => running.delete(answer));
    return answer;
  }

  async function answerTo(
    run: NewForecastRun & { runId: string },
    order: BatchOrder,
    onProgress?: (progress: BatchProgress) => void,
  ): Promise<Batch> {
    try {
      const portfolio = await forecaster.portfolio({ ...order, onProgress });
      const result = batchAnswer(run.runId, portfolio, order.storeIds);
      await forecastRuns.record({
        ...run,
        status: "COMPLETED",
        modelVersion: versionOf(portfolio),
        origin: portfolio.origin,
        summary: {
          stores_count: portfolio.stores.length,
          total_predicted_sales: portfolio.total,
          avg_daily_sales: portfolio.total / order.horizon,
        },
        result,
        points: portfolio.stores.flatMap(({ storeId, days }) =>
          days.map((day) => ({
            storeId,
            targetDate: day.date,
            predictedSales: day.predictedSales,
            predictedLower: day.lower80,
            predictedUpper: day.upper80,
            known: day.known,
          })),
        ),
      });
      return result;
    } catch (error) {
      await forecastRuns.record({ ...run, status: "FAILED", errorMessage: messageOf(error) });
      throw error;
    }
  }

  const newRun = ({ dataSourceId, storeIds, horizon, level }: BatchOrder) => ({
    runId: newRunId("forecast_batch"),
    runType: "batch" as const,
    status: "RUNNING" as const,
    dataSourceId,
    request: {
      store_ids: storeIds,
      horizon_days: horizon,
      confidence_level: level,
      data_source_id: dataSourceId,
    },
  });

  return {
    start(order, onProgress) {
      const run = newRun(order);
      return { runId: run.runId, answer: compute(run, order, onProgress) };
    },
    async startRecorded(order, onProgress) {
      const run = newRun(order);
      await recordForecastRun(db, run);
      let toldAt = 0;
      const tell = (progress: BatchProgress) => {
        onProgress?.(progress);
        if (now() - toldAt < PROGRESS_PAUSE_MS) return;
        toldAt = now();
        reportRunProgress(db, run.runId, progress).catch((error: unknown) =>
          logger.warn({ err: error, run_id: run.runId }, "progress of a batch could not be told"),
        );
      };
      return { runId: run.runId, answer: compute(run, order, tell) };
    },
    async drain() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
