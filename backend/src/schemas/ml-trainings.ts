import { z } from "zod";
import { businessDay, dataSourceFilter, LARGEST_ID, oneOf, wholeNumber } from "./values.ts";

const DEFAULT_SEED = 42;

const fields = z.object({
  profile: oneOf(["quick", "full"]).default("quick").describe("How much is tried; default quick"),
  seed: wholeNumber(0, LARGEST_ID)
    .default(DEFAULT_SEED)
    .describe(`The same seed and data give the same model; default ${DEFAULT_SEED}`),
  origin: businessDay()
    .nullish()
    .describe("Learn as if this were the last observed day; without it the last one"),
  data_source_id: dataSourceFilter().nullable(),
});

/** The body may be left out. */
export const trainingBodySchema = fields.nullish().transform((body) => body ?? fields.parse({}));

export type TrainingBody = z.input<typeof trainingBodySchema>;
