import type { ModelVersion } from "@rossmann/warehouse";
import { z } from "zod";
import { dataSourceFilter, day, instant, LARGEST_ID, oneOf, wholeNumber } from "./values.ts";

export const modelsQuerySchema = z.object({ data_source_id: dataSourceFilter() });

export const promoteParamsSchema = z.object({ version: wholeNumber(1, LARGEST_ID) });

/** The body may be left out. */
export const promoteBodySchema = z
  .object({
    alias: oneOf(["champion", "challenger"])
      .default("champion")
      .describe("champion serves, challenger asks to; default champion"),
  })
  .nullish()
  .transform((body) => body ?? { alias: "champion" as const });

export const modelVersionSchema = z
  .object({
    version: z.int().describe("Counts up from 1 in its data source"),
    model_type: z.string(),
    trained_to: day().describe("Last day the model has seen"),
    created_at: instant(),
    experiment_id: z.string(),
    sha256: z.string().describe("Checksum of the model's bytes"),
    aliases: z.array(z.enum(["champion", "challenger"])),
    gate: z.string().nullable().describe("Why it was let to serve after its training, or why not"),
  })
  .meta({ id: "ModelVersion" });

export const modelVersionsSchema = z.array(modelVersionSchema);

export type ModelsQuery = z.input<typeof modelsQuerySchema>;
export type PromoteBody = z.input<typeof promoteBodySchema>;
export type ModelVersionItem = z.output<typeof modelVersionSchema>;

export function modelVersionAnswer(model: ModelVersion): ModelVersionItem {
  return {
    version: model.version,
    model_type: model.modelType,
    trained_to: model.trainedTo,
    created_at: model.createdAt.toISOString(),
    experiment_id: model.experimentId,
    sha256: model.sha256,
    aliases: model.aliases,
    gate: gateOf(model),
  };
}

/** What the gate said when the model was trained; null for models from before it spoke. */
export function gateOf(model: ModelVersion): string | null {
  return typeof model.metadata.gate === "string" ? model.metadata.gate : null;
}
