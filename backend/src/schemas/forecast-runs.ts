import type { ForecastPoint, ForecastRun } from "@rossmann/warehouse";
import { z } from "zod";
import { runStatuses } from "./etl-runs.ts";
import { pageAnswer, pageQuery } from "./paging.ts";
import { dataSourceFilter, day, instant, LARGEST_ID, oneOf, wholeNumber } from "./values.ts";

const runTypes = ["forecast", "batch", "scenario", "scenario_v2", "predict"] as const;

export const forecastRunsQuerySchema = z.object({
  ...pageQuery(200, 50),
  data_source_id: dataSourceFilter(),
  run_type: oneOf(runTypes).optional(),
  status: oneOf(runStatuses).optional(),
  store_id: wholeNumber(1, LARGEST_ID).optional().describe("Runs of one store; those of many name none"),
});

export const forecastRunSchema = z
  .object({
    run_id: z.string(),
    run_type: z.enum(runTypes),
    status: z.enum(runStatuses),
    created_at: instant(),
    finished_at: instant().nullable(),
    data_source_id: z.int().nullable(),
    store_id: z.int().nullable().describe("null for batches and segments"),
    model_version: z.int().nullable().describe("null for a model that came from a file"),
    origin: day().nullable().describe("Last observed day the forecast rests on"),
    request: z.record(z.string(), z.unknown()).describe("What was asked for"),
    summary: z.record(z.string(), z.unknown()),
    error_message: z.string().nullable(),
  })
  .meta({ id: "ForecastRun" });

export const forecastRunsSchema = z
  .object({
    items: z.array(forecastRunSchema).describe("Newest first"),
    ...pageAnswer,
    data_source_id: z.int(),
  })
  .meta({ id: "ForecastRuns" });

export const forecastRunDetailSchema = forecastRunSchema
  .extend({
    points: z
      .array(
        z.object({
          store_id: z.int(),
          date: day(),
          predicted_sales: z.number(),
          predicted_lower: z.number().nullable(),
          predicted_upper: z.number().nullable(),
          known: z.boolean().describe("The calendar of that day was known in advance, not projected"),
        }),
      )
      .describe("By store, then day"),
  })
  .meta({ id: "ForecastRunDetail" });

export type ForecastRunsQuery = z.input<typeof forecastRunsQuerySchema>;
export type ForecastRunItem = z.output<typeof forecastRunSchema>;
export type ForecastRunsPage = z.output<typeof forecastRunsSchema>;
export type ForecastRunDetail = z.output<typeof forecastRunDetailSchema>;

export function forecastRunAnswer(run: ForecastRun): ForecastRunItem {
  return {
    run_id: run.runId,
    run_type: run.runType,
    status: run.status,
    created_at: run.createdAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    data_source_id: run.dataSourceId,
    store_id: run.storeId,
    model_version: run.modelVersion,
    origin: run.origin,
    request: run.request,
    summary: run.summary,
    error_message: run.errorMessage,
  };
}

export const runPointAnswer = (point: ForecastPoint): ForecastRunDetail["points"][number] => ({
  store_id: point.storeId,
  date: point.targetDate,
  predicted_sales: point.predictedSales,
  predicted_lower: point.predictedLower,
  predicted_upper: point.predictedUpper,
  known: point.known,
});
