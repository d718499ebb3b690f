import { z } from "zod";
import { dataSourceFilter, day, instant } from "./values.ts";

export const modelMetadataQuerySchema = z.object({ data_source_id: dataSourceFilter() });

export const metricSetSchema = z
  .object({
    mae: z.number().nullable().describe("Currency units"),
    rmse: z.number().nullable().describe("Currency units"),
    mape: z.number().nullable().describe("Percent"),
    wape: z.number().nullable().describe("Percent"),
    smape: z.number().nullable().describe("Percent"),
    mape_nonzero: z.number().nullable().describe("Percent"),
    rmspe: z.number().nullable().describe("Ratio"),
    bias: z.number().nullable().describe("Ratio; positive is over-forecast"),
    coverage_80: z.number().nullable().describe("Share of days inside the 80 % interval"),
    coverage_90: z.number().nullable(),
    coverage_95: z.number().nullable(),
  })
  .meta({ id: "MetricSet" });

const parameters = z.record(z.string(), z.number());
const dayRange = z.object({ date_from: day(), date_to: day() });

export const modelMetadataSchema = z
  .object({
    selected_model: z.string(),
    trained_at: instant().nullable(),
    metrics: z
      .record(z.string(), metricSetSchema)
      .describe("By model name, and `best` for the one that serves"),
    catboost_candidates: z.array(z.object({ params: parameters, metrics: metricSetSchema })),
    catboost_selected_params: parameters.nullable(),
    target_transform: z.string().nullable(),
    prediction_floor: z.number().nullable(),
    prediction_cap: z.number().nullable(),
    prediction_interval_sigma: z
      .number()
      .nullable()
      .describe("Null: intervals come from backtest residuals per horizon"),
    top_feature_importance: z.array(z.object({ feature: z.string(), importance: z.number() })),
    train_period: dayRange.nullable(),
    validation_period: dayRange.nullable(),
    rows: z.object({ train: z.int(), validation: z.int() }).nullable(),
    version: z.int().nullable().describe("In the registry of its data source"),
    experiment_id: z.string().nullable(),
    trained_to: day().nullable().describe("Last day the model has seen"),
  })
  .meta({ id: "ModelMetadata" });

export type ModelMetadataQuery = z.input<typeof modelMetadataQuerySchema>;
export type MetricSet = z.output<typeof metricSetSchema>;
export type ModelMetadata = z.output<typeof modelMetadataSchema>;
