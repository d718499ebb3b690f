import { z } from "zod";
import { type MetricSet, metricSetSchema, modelMetadataSchema } from "./model.ts";

/**
 * What the registry keeps beside a model, read by what we know of it: a part that an older training did not write is null,
 * one that is not of its form counts as not written.
 */
const orNull = <Part extends z.ZodType>(part: Part) => part.nullable().catch(null).default(null);
const figure = orNull(z.number());
const shape = modelMetadataSchema.shape;

const storedMetricSet = z.object({
  mae: figure,
  rmse: figure,
  mape: figure,
  wape: figure,
  smape: figure,
  mape_nonzero: figure,
  rmspe: figure,
  bias: figure,
  coverage_80: figure,
  coverage_90: figure,
  coverage_95: figure,
}) satisfies z.ZodType<MetricSet>;

export const storedMetadataSchema = z.object({
  selected_model: z.string().optional().catch(undefined),
  trained_at: orNull(z.string()),
  metrics: z.record(z.string(), storedMetricSet).catch({}).default({}),
  catboost_candidates: z
    .array(z.object({ params: z.record(z.string(), z.number()), metrics: metricSetSchema }))
    .catch([])
    .default([]),
  catboost_selected_params: orNull(shape.catboost_selected_params.unwrap()),
  target_transform: orNull(z.string()),
  prediction_floor: figure,
  prediction_cap: figure,
  prediction_interval_sigma: figure,
  top_feature_importance: shape.top_feature_importance.catch([]).default([]),
  train_period: orNull(shape.train_period.unwrap()),
  validation_period: orNull(shape.validation_period.unwrap()),
  rows: orNull(shape.rows.unwrap()),
});
