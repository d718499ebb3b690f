import type { AlertDesk } from "@rossmann/alerts";
import type { Effects, Settings } from "@rossmann/core";
import type { UploadJobs } from "@rossmann/etl";
import type { Forecaster } from "@rossmann/ml";
import type { Db } from "@rossmann/warehouse";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Callers } from "./callers.ts";
import type { ForecastRuns } from "./forecast-runs.ts";
import type { BatchRuns } from "./planning/batch-runs.ts";
import type { Sources } from "./sources.ts";
import type { TrainingJobs } from "./training-jobs.ts";

/** The HTTP application, whose routes take their types from zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes ask to get their answers. */
export interface Counter {
  db: Db;
  forecaster: Forecaster;
  settings: Settings;
  effects: Effects;
  sources: Sources;
  callers: Callers;
  forecastRuns: ForecastRuns;
  batches: BatchRuns;
  trainings: TrainingJobs;
  uploads: UploadJobs;
  desk: AlertDesk;
  /** True from the moment the process was asked to stop. */
  isDraining: () => boolean;
}

/** Longest time an answer may take before the client is told to come back; streamed answers are exempt. */
export const ANSWER_LIMIT_MS = 15_000;
