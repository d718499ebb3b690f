import { findModelVersion } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { isUnchanged } from "../freshness.ts";
import { readMetadataFile } from "../metadata-file.ts";
import { modelMetadataAnswer, modelMetadataQuerySchema, modelMetadataSchema } from "../schemas/model.ts";
import { responses } from "../schemas/responses.ts";

export function addModelRoutes(app: Api, { db, sources, settings }: Counter): void {
  app.get(
    "/model/metadata",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "How the serving model was made and how well it did in its backtest",
        tags: ["model"],
        querystring: modelMetadataQuerySchema,
        response: responses(modelMetadataSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      if (settings.MODEL_METADATA_PATH !== undefined) {
        return modelMetadataAnswer(await readMetadataFile(settings.MODEL_METADATA_PATH), null);
      }
      const source = await sources.of(request.query.data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const model = await findModelVersion(db, source.id, source.modelVersion ?? "champion");
      return modelMetadataAnswer(model.metadata, model);
    },
  );
}
