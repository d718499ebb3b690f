import type { ChainPoint, ForecastPoint as PointRow } from "@rossmann/ml";
import { z } from "zod";
import { driversSchema } from "./drivers.ts";
import { basis, confidenceLevel, horizonDays, storeId } from "./planning-values.ts";
import { dataSourceFilter, day, flag } from "./values.ts";

export const forecastBodySchema = z.object({
  store_id: storeId(),
  horizon_days: horizonDays(30),
  confidence_level: confidenceLevel(),
  drivers: flag().default(false).describe("Say of each open day what its forecast is made of"),
  data_source_id: dataSourceFilter().nullable(),
});

const prediction = {
  date: day(),
  predicted_sales: z.number().describe("0 on closed days"),
  predicted_lower: z.number().nullable().describe("Lower end of the interval at confidence_level (80 %)"),
  predicted_upper: z.number().nullable().describe("Upper end of that interval"),
  predicted_lower_95: z.number().nullable(),
  predicted_upper_95: z.number().nullable(),
};

export const forecastPointSchema = z
  .object({
    ...prediction,
    open: z.int().describe("1 or 0"),
    promo: z.int().describe("1 or 0"),
    state_holiday: z.string().describe("0, a, b or c"),
    school_holiday: z.int().describe("1 or 0"),
    basis: basis(),
    drivers: driversSchema.nullable().describe("Null unless asked for, and on closed days"),
    override_sales: z
      .number()
      .nullable()
      .describe("A planner's correction; predicted_sales stays the model's"),
    override_id: z.int().nullable(),
  })
  .meta({ id: "ForecastPoint" });

export const forecastSchema = z.array(forecastPointSchema);

export const chainForecastQuerySchema = z.object({
  horizon_days: horizonDays(42),
  data_source_id: dataSourceFilter(),
});

export const chainForecastPointSchema = z
  .object({
    ...prediction,
    open: z.int().describe("Stores that are open"),
    promo: z.int().describe("Stores with a promotion"),
    basis: basis().describe("known when it was known for every store"),
  })
  .meta({ id: "ChainForecastPoint" });

export const chainForecastSchema = z
  .object({
    origin: day().describe("Last observed day"),
    model_version: z.int().nullable().describe("Null when the model came from a file"),
    model_type: z.string(),
    horizon_days: z.int(),
    stores_count: z.int(),
    total: z.number(),
    lower: z.number().nullable().describe("80 % interval of the total"),
    upper: z.number().nullable(),
    points: z.array(chainForecastPointSchema),
  })
  .meta({ id: "ChainForecast" });

export const accuracyQuerySchema = z.object({
  store_id: storeId().optional().describe("One store; without it the whole chain"),
  data_source_id: dataSourceFilter(),
});

export const forecastAccuracySchema = z
  .object({
    store_id: z.int().nullable(),
    wape: z.number().nullable().describe("Σ|error| / Σ sales, 0.12 reads 12 %"),
    rmspe: z.number().nullable(),
    bias: z.number().nullable().describe("Σ error / Σ sales; positive is over-forecast"),
    points: z.int().describe("Store-days that were judged"),
    typical_error_pct: z.number().nullable().describe("wape in percent: by how much a day is typically off"),
    origins: z.array(day()).describe("Days from which the backtest forecast"),
    horizon_groups: z.array(
      z.object({
        from: z.int(),
        to: z.int(),
        wape: z.number().nullable(),
        coverage_80: z.number().nullable().describe("Share of days inside the 80 % interval"),
      }),
    ),
  })
  .meta({ id: "ForecastAccuracy" });

export type ForecastBody = z.input<typeof forecastBodySchema>;
export type ForecastPoint = z.output<typeof forecastPointSchema>;
export type ChainForecastQuery = z.input<typeof chainForecastQuerySchema>;
export type ChainForecastPoint = z.output<typeof chainForecastPointSchema>;
export type ChainForecast = z.output<typeof chainForecastSchema>;
export type AccuracyQuery = z.input<typeof accuracyQuerySchema>;
export type ForecastAccuracy = z.output<typeof forecastAccuracySchema>;

/** @param override the correction that is in force for the day */
export function forecastPointAnswer(
  point: PointRow,
  override: { overrideId: number; sales: number } | undefined,
): ForecastPoint {
  return {
    ...predictionAnswer(point),
    open: point.open,
    promo: point.promo,
    state_holiday: point.stateHoliday,
    school_holiday: point.schoolHoliday,
    drivers: point.drivers ?? null,
    override_sales: override?.sales ?? null,
    override_id: override?.overrideId ?? null,
  };
}

export function chainPointAnswer(point: ChainPoint): ChainForecastPoint {
  return { ...predictionAnswer(point), open: point.openStores, promo: point.promoStores };
}

function predictionAnswer(point: PointRow | ChainPoint) {
  return {
    date: point.date,
    predicted_sales: point.predictedSales,
    predicted_lower: point.lower,
    predicted_upper: point.upper,
    predicted_lower_95: point.lower95,
    predicted_upper_95: point.upper95,
    basis: point.known ? ("known" as const) : ("projected" as const),
  };
}
