import type { BacktestScore, Experiment } from "@rossmann/warehouse";
import { z } from "zod";
import { metricSetSchema, metricsAnswer } from "./model.ts";
import { dataSourceFilter, day, instant, wholeNumber } from "./values.ts";

export const MOST_EXPERIMENTS = 500;
const DEFAULT_EXPERIMENTS = 100;

/** A name as the registry writes them; anything else is a mistake and not a name that nobody has. */
const word = () => z.string().regex(/^[\w.:-]{1,64}$/, "must be 1 to 64 letters, digits or one of _ . : -");

export const experimentsQuerySchema = z.object({
  limit: wholeNumber(1, MOST_EXPERIMENTS)
    .default(DEFAULT_EXPERIMENTS)
    .describe(`Most items; default ${DEFAULT_EXPERIMENTS}`),
  data_source_id: dataSourceFilter(),
});

export const experimentParamsSchema = z.object({ experiment_id: word() });

export const experimentProgressSchema = z
  .object({
    stage: z.string().describe("read, tune, backtest, long_backtest, score, refit or save"),
    share: z.number().describe("Share of the whole training that is done, 0 to 1"),
    message: z.string().describe("What it does now"),
    elapsed_ms: z.number(),
    remaining_ms: z.number().nullable().describe("Null while too little is done to tell"),
  })
  .meta({ id: "ExperimentProgress" });

const period = z.object({ start: day().nullable(), end: day().nullable() });

const experimentMetricsSchema = z
  .object({
    best: metricSetSchema.optional(),
    error: z.string().optional(),
    ...metricSetSchema.partial().shape,
  })
  .catchall(z.union([metricSetSchema, z.number().nullable(), z.string()]))
  .describe(
    "By model name, `best` for the chosen one, whose figures stand at the top too; `error` when it failed; empty until completed",
  );

export const experimentSchema = z
  .object({
    experiment_id: z.string(),
    data_source_id: z.int().nullable(),
    model_type: z.string().describe("The model that won; pending while running, failed when none did"),
    profile: z.string().nullable().describe("quick or full; imported for a model that was trained elsewhere"),
    hyperparameters: z.record(z.string(), z.unknown()),
    training_period: period.describe("First and last day that was learned from; null until completed"),
    validation_period: period.describe("First and last day that was judged; null until completed"),
    metrics: experimentMetricsSchema,
    status: z.enum(["RUNNING", "COMPLETED", "FAILED"]),
    error_message: z.string().nullable().describe("Why it failed or who cancelled it"),
    version: z.int().nullable().describe("The model version it produced"),
    progress: experimentProgressSchema.nullable().describe("Null unless RUNNING"),
    artifact_path: z.string().nullable(),
    metadata_path: z.string().nullable(),
    created_at: instant(),
    updated_at: instant(),
  })
  .meta({ id: "Experiment" });

export const experimentsSchema = z
  .object({
    items: z.array(experimentSchema).describe("Newest first"),
    limit: z.int(),
    data_source_id: z.int(),
  })
  .meta({ id: "Experiments" });

export const backtestQuerySchema = z.object({
  segment_kind: word()
    .optional()
    .describe(
      "all, horizon, weekday, promo, store_type, store_decile, the same with long_ before it for windows of 180 days, store or store_horizon; without it every kind but the last two",
    ),
  model_type: word().optional().describe("One model; without it every one"),
});

export const backtestMetricsSchema = z
  .object({
    rmspe: z.number().nullable(),
    wape: z.number().nullable(),
    mae: z.number().nullable().describe("Currency units"),
    rmse: z.number().nullable().describe("Currency units"),
    smape: z.number().nullable(),
    mape_nonzero: z.number().nullable(),
    bias: z.number().nullable().describe("Positive is over-forecast"),
    coverage_80: z.number().nullable().describe("Share of days inside the 80 % interval"),
    coverage_90: z.number().nullable(),
    coverage_95: z.number().nullable(),
    pinball: z.number().nullable(),
  })
  .meta({ id: "BacktestMetrics", description: "Ratios, 0.12 reads 12 %; null where it was not measured" });

export const backtestRowSchema = z
  .object({
    model_type: z.string(),
    origin: day().describe("Last day the model knew"),
    segment_kind: z.string(),
    segment: z.string().describe("For example 1-7 (days ahead), 3 (Wednesday), promo, 10 (largest tenth)"),
    points: z.int().describe("Store-days that were judged"),
    metrics: backtestMetricsSchema,
  })
  .meta({ id: "BacktestRow" });

export const backtestTableSchema = z
  .object({ experiment_id: z.string(), rows: z.array(backtestRowSchema) })
  .meta({ id: "BacktestTable" });

export type ExperimentsQuery = z.input<typeof experimentsQuerySchema>;
export type ExperimentProgress = z.output<typeof experimentProgressSchema>;
export type ExperimentItem = z.output<typeof experimentSchema>;
export type Experiments = z.output<typeof experimentsSchema>;
export type BacktestQuery = z.input<typeof backtestQuerySchema>;
export type BacktestMetrics = z.output<typeof backtestMetricsSchema>;
export type BacktestRow = z.output<typeof backtestRowSchema>;
export type BacktestTable = z.output<typeof backtestTableSchema>;

/** The chosen model's figures stand at the top too: there clients of the reference platform read them. */
function experimentMetrics({ metrics, status, errorMessage }: Experiment): ExperimentItem["metrics"] {
  const sets = metricsAnswer(metrics);
  const isFailed = status === "FAILED" && errorMessage !== null;
  return { ...sets, ...sets.best, ...(isFailed && { error: errorMessage }) };
}

export function experimentAnswer(row: Experiment): ExperimentItem {
  const { progress } = row;
  return {
    experiment_id: row.experimentId,
    data_source_id: row.dataSourceId,
    model_type: row.modelType,
    profile: typeof row.hyperparameters.profile === "string" ? row.hyperparameters.profile : null,
    hyperparameters: row.hyperparameters,
    training_period: { start: row.trainPeriodStart, end: row.trainPeriodEnd },
    validation_period: { start: row.validationPeriodStart, end: row.validationPeriodEnd },
    metrics: experimentMetrics(row),
    status: row.status,
    error_message: row.errorMessage,
    version: row.version,
    progress: progress && {
      stage: progress.stage,
      share: progress.share,
      message: progress.message,
      elapsed_ms: progress.elapsedMs,
      remaining_ms: progress.remainingMs,
    },
    artifact_path: row.artifactPath,
    metadata_path: row.metadataPath,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function backtestRowAnswer(score: BacktestScore): BacktestRow {
  const metric = (name: keyof BacktestMetrics) => {
    const value = score.metrics[name];
    return typeof value === "number" ? value : null;
  };
  return {
    model_type: score.modelType,
    origin: score.origin,
    segment_kind: score.segmentKind,
    segment: score.segment,
    points: score.points,
    metrics: {
      rmspe: metric("rmspe"),
      wape: metric("wape"),
      mae: metric("mae"),
      rmse: metric("rmse"),
      smape: metric("smape"),
      mape_nonzero: metric("mape_nonzero"),
      bias: metric("bias"),
      coverage_80: metric("coverage_80"),
      coverage_90: metric("coverage_90"),
      coverage_95: metric("coverage_95"),
      pinball: metric("pinball"),
    },
  };
}
