import type { ModelVersion } from "@rossmann/warehouse";
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
      .describe("By model name, `best` for the one that serves, `catboost` the same as `boosting`"),
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
    horizon_parts: z
      .array(z.object({ to: z.int(), model: z.string() }))
      .describe("Which model answers up to which day ahead"),
    version: z.int().nullable().describe("The same as model_version"),
    model_version: z.int().nullable().describe("In the registry of its data source; null for a model file"),
    data_source_id: z.int().nullable(),
    gate: z.string().nullable().describe("Why it was let to serve after its training, or why not"),
    experiment_id: z.string().nullable(),
    trained_to: day().nullable().describe("Last day the model has seen"),
  })
  .meta({ id: "ModelMetadata" });

export type ModelMetadataQuery = z.input<typeof modelMetadataQuerySchema>;
export type MetricSet = z.output<typeof metricSetSchema>;
export type ModelMetadata = z.output<typeof modelMetadataSchema>;

/** A part that an older training did not write is null; one that is not of its form counts as not written. */
const orNull = <Part extends z.ZodType>(part: Part) => part.nullable().catch(null).default(null);
const orEmpty = <Part extends z.ZodType>(part: z.ZodArray<Part>) => part.catch([]).default([]);

const { shape } = modelMetadataSchema;
const storedMetricSet = z.object({
  mae: orNull(z.number()),
  rmse: orNull(z.number()),
  mape: orNull(z.number()),
  wape: orNull(z.number()),
  smape: orNull(z.number()),
  mape_nonzero: orNull(z.number()),
  rmspe: orNull(z.number()),
  bias: orNull(z.number()),
  coverage_80: orNull(z.number()),
  coverage_90: orNull(z.number()),
  coverage_95: orNull(z.number()),
}) satisfies z.ZodType<MetricSet>;

const storedMetrics = z.record(z.string(), storedMetricSet).catch({}).default({});

const storedSchema = z.object({
  selected_model: orNull(z.string()),
  trained_at: orNull(z.string()),
  metrics: storedMetrics,
  catboost_candidates: orEmpty(z.array(z.object({ params: parameters, metrics: storedMetricSet }))),
  catboost_selected_params: orNull(parameters),
  target_transform: orNull(z.string()),
  prediction_floor: orNull(z.number()),
  prediction_cap: orNull(z.number()),
  prediction_interval_sigma: orNull(z.number()),
  top_feature_importance: orEmpty(shape.top_feature_importance),
  train_period: orNull(dayRange),
  validation_period: orNull(dayRange),
  rows: orNull(shape.rows.unwrap()),
  horizon_parts: orEmpty(shape.horizon_parts),
  trained_to: orNull(z.string()),
  gate: orNull(z.string()),
});

/** Metric sets by model name; what is of another form counts as not measured. */
export function metricsAnswer(stored: Record<string, unknown>): Record<string, MetricSet> {
  return withBothNames(storedMetrics.parse(stored));
}

/** Clients of the reference platform know the boosted trees as `catboost`. */
const withBothNames = (metrics: Record<string, MetricSet>): Record<string, MetricSet> =>
  metrics.boosting === undefined ? metrics : { ...metrics, catboost: metrics.boosting };

/**
 * @param stored what the training wrote beside the model
 * @param model  the registry's entry; null when the model came from a file
 */
export function modelMetadataAnswer(
  stored: Record<string, unknown>,
  model: ModelVersion | null,
): ModelMetadata {
  const known = storedSchema.parse(stored);
  return {
    ...known,
    metrics: withBothNames(known.metrics),
    selected_model: known.selected_model ?? model?.modelType ?? "unknown",
    // The registry's own time, so that copying a model never changes its date.
    trained_at: known.trained_at ?? model?.createdAt.toISOString() ?? null,
    version: model?.version ?? null,
    model_version: model?.version ?? null,
    data_source_id: model?.dataSourceId ?? null,
    experiment_id: model?.experimentId ?? null,
    trained_to: model?.trainedTo ?? known.trained_to,
  };
}
