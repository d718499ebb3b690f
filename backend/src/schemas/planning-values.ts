/** What the planning routes share: horizon, interval level, targets and the words for where a day's calendar comes from. */
import { z } from "zod";
import { day, LARGEST_ID, realNumber, wholeNumber } from "./values.ts";

export const LARGEST_HORIZON_DAYS = 180;

export const horizonDays = (fallback: number) =>
  wholeNumber(1, LARGEST_HORIZON_DAYS)
    .default(fallback)
    .describe(`Coming days, counted from the day after the origin; default ${fallback}`);

export const confidenceLevel = () =>
  realNumber(0.5, 0.99)
    .default(0.8)
    .describe("Share of days that are to fall inside of the interval; default 0.8");

export const storeId = () => wholeNumber(1, LARGEST_ID);

/** Where promotion, opening and holidays of a day come from. */
export const basis = () =>
  z
    .enum(["known", "projected"])
    .describe("Whether promotion, opening and holidays were known in advance or projected");

/** Stores that have all of the given attributes; a field that is absent or null asks for nothing. */
export const segmentSchema = z
  .object({
    store_type: z.string().max(32).nullish().describe("Compared without regard to case"),
    assortment: z.string().max(32).nullish().describe("Compared without regard to case"),
    promo2: wholeNumber(0, 1).nullish(),
  })
  .meta({ id: "Segment" });

/** What an answer rests on. */
export const stampFields = {
  run_id: z.string().describe("Finds the answer again: GET /planning/runs/{run_id}"),
  origin: day().describe("Last observed day"),
  model_version: z.int().nullable().describe("Null when the model came from a file"),
  model_type: z.string(),
};

/** A store that could not be forecast, beside those that could. */
export const storeFailureSchema = z
  .object({ store_id: z.int(), code: z.string(), detail: z.string() })
  .meta({ id: "StoreFailure" });

export type Segment = z.output<typeof segmentSchema>;
export type StoreFailure = z.output<typeof storeFailureSchema>;
