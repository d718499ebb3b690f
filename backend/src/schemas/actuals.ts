import { z } from "zod";
import { storeId } from "./planning-values.ts";
import { businessDay, dataSourceFilter, day } from "./values.ts";

export const actualsQuerySchema = z.object({
  store_id: storeId().optional().describe("One store; without it every store that was forecast"),
  date_from: businessDay().optional().describe("First day of actual sales; default all"),
  date_to: businessDay().optional(),
  data_source_id: dataSourceFilter(),
});

const measures = {
  points: z.int().describe("Forecast days that met their actual sales"),
  wape: z.number().nullable().describe("Σ|error| / Σ sales"),
  bias: z.number().nullable().describe("Σ error / Σ sales; positive is over-forecast"),
  coverage_80: z.number().nullable().describe("Share inside of the 80 % interval"),
};

/** Forecasts that were given, held against the sales that came. Open days with sales only. */
export const actualsSchema = z
  .object({
    ...measures,
    by_horizon: z.array(z.object({ from: z.int(), to: z.int(), ...measures })),
    by_week: z.array(z.object({ date_from: day().describe("Monday"), ...measures })).describe("Oldest first"),
    by_store: z
      .array(z.object({ store_id: z.int(), ...measures }))
      .describe("Largest error first; at most 50"),
  })
  .meta({ id: "ForecastActuals" });

export type ActualsQuery = z.input<typeof actualsQuerySchema>;
export type ForecastActuals = z.output<typeof actualsSchema>;
