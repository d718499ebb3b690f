import { z } from "zod";
import {
  basis,
  confidenceLevel,
  horizonDays,
  segmentSchema,
  stampFields,
  storeFailureSchema,
  storeId,
} from "./planning-values.ts";
import { dataSourceFilter, day, flag } from "./values.ts";

/** Many more than any chain asks for at once; beyond it a list is a mistake. */
export const LARGEST_BATCH_STORES = 2000;

export const batchBodySchema = z.object({
  store_ids: z
    .array(storeId())
    .min(1, "name at least one store")
    .max(LARGEST_BATCH_STORES, `name at most ${LARGEST_BATCH_STORES} stores`)
    .nullish()
    .describe("Exactly one of store_ids, segment and all_stores is needed; duplicates are dropped"),
  segment: segmentSchema.nullish(),
  all_stores: flag().default(false),
  horizon_days: horizonDays(30),
  confidence_level: confidenceLevel(),
  background: flag()
    .default(false)
    .describe("Answer 202 at once; GET /planning/runs/{run_id} tells progress and, at the end, the result"),
  data_source_id: dataSourceFilter().nullable(),
});

const total = {
  predicted_sales: z.number().describe("Sum of the stores' forecasts"),
  predicted_lower: z.number().describe("Ends of the interval of the sum, from joint errors of the backtest"),
  predicted_upper: z.number(),
};

export const portfolioPointSchema = z
  .object({
    date: day(),
    ...total,
    open_stores: z.int(),
    promo_stores: z.int(),
    basis: basis(),
  })
  .meta({ id: "PortfolioPoint" });

export const portfolioWeekSchema = z
  .object({
    date_from: day().describe("Monday, or the first day of the horizon"),
    date_to: day().describe("Sunday, or the last day of the horizon"),
    ...total,
  })
  .meta({ id: "PortfolioWeek" });

const totals = {
  total_predicted_sales: z.number(),
  avg_daily_sales: z.number().describe("Total / days of the horizon"),
  peak_date: day().nullable(),
  peak_sales: z.number(),
  avg_interval_width: z.number().describe("Mean of upper − lower over all days"),
  total_lower: z.number().describe("Ends of the interval of the total over the whole horizon"),
  total_upper: z.number(),
};

export const storeSummarySchema = z
  .object({
    store_id: z.int(),
    store_type: z.string().nullable(),
    ...totals,
    weekly_sales: z.array(z.number()).describe("One per entry of weeks"),
  })
  .meta({ id: "StoreSummary" });

export const segmentTotalSchema = z
  .object({
    store_type: z.string().nullable(),
    stores_count: z.int(),
    total_predicted_sales: z.number(),
    total_lower: z.number(),
    total_upper: z.number(),
  })
  .meta({ id: "SegmentTotal" });

export const batchSchema = z
  .object({
    ...stampFields,
    request: z.object({
      store_ids: z.array(z.int()).describe("Without duplicates, in the order they were named"),
      horizon_days: z.int(),
      confidence_level: z.number(),
      data_source_id: z.int(),
    }),
    store_summaries: z.array(storeSummarySchema).describe("In the order of the request, without failures"),
    failures: z.array(storeFailureSchema),
    portfolio_summary: z
      .object({ stores_count: z.int(), horizon_days: z.int(), ...totals })
      .meta({ id: "PortfolioSummary" }),
    portfolio_series: z.array(portfolioPointSchema),
    weeks: z.array(portfolioWeekSchema),
    by_store_type: z.array(segmentTotalSchema).describe("Totals over the horizon, largest first"),
  })
  .meta({ id: "BatchForecast" });

/** The answer to `background: true`. */
export const batchStartedSchema = z
  .object({ run_id: z.string(), location: z.string().describe("Path that tells progress and result") })
  .meta({ id: "BatchStarted" });

/** One line of the answer to `Accept: application/x-ndjson`. */
export const batchEventSchema = z
  .union([
    z.object({
      event: z.literal("progress"),
      run_id: z.string(),
      share: z.number().describe("0 to 1"),
      message: z.string(),
    }),
    z.object({ event: z.literal("result"), result: batchSchema }),
    z.object({ event: z.literal("problem"), code: z.string(), detail: z.string() }),
  ])
  .meta({ id: "BatchEvent" });

export type BatchBody = z.input<typeof batchBodySchema>;
export type BatchQuestion = z.output<typeof batchBodySchema>;
export type Batch = z.output<typeof batchSchema>;
export type BatchStarted = z.output<typeof batchStartedSchema>;
export type BatchEvent = z.output<typeof batchEventSchema>;
export type PortfolioPoint = z.output<typeof portfolioPointSchema>;
export type PortfolioWeek = z.output<typeof portfolioWeekSchema>;
export type StoreSummary = z.output<typeof storeSummarySchema>;
export type SegmentTotal = z.output<typeof segmentTotalSchema>;
