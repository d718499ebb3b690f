import { findModelVersion } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { isUnchanged } from "../freshness.ts";
import { modelMetadataQuerySchema, modelMetadataSchema } from "../schemas/model.ts";
import { responses } from "../schemas/responses.ts";
import { storedMetadataSchema } from "../schemas/stored-metadata.ts";

export function addModelRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/model/metadata",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "How the serving model was made and how well it did in its backtest",
        tags: ["model"],
        querystring: modelMetadataQuerySchema,
        response: responses(modelMetadataSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const source = await sources.of(request.query.data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const model = await findModelVersion(db, source.id, source.modelVersion ?? "champion");
      const stored = storedMetadataSchema.parse(model.metadata);
      return {
        ...stored,
        selected_model: stored.selected_model ?? model.modelType,
        // The registry's own time, so that copying a model never changes its date.
        trained_at: stored.trained_at ?? model.createdAt.toISOString(),
        version: model.version,
        experiment_id: model.experimentId,
        trained_to: model.trainedTo,
      };
    },
  );
}
