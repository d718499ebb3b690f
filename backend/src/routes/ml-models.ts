import {
  findModelVersion,
  listModelVersions,
  promoteModelVersion,
  rollbackModelVersion,
} from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  modelsQuerySchema,
  modelVersionAnswer,
  modelVersionSchema,
  modelVersionsSchema,
  promoteBodySchema,
  promoteParamsSchema,
} from "../schemas/ml-models.ts";
import { responses } from "../schemas/responses.ts";

export function addMlModelRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/ml/models",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Every model version of a data source, newest first",
        tags: ["model"],
        querystring: modelsQuerySchema,
        response: responses(modelVersionsSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { id } = await sources.of(request.query.data_source_id);
      reply.header("cache-control", "no-store");
      return (await listModelVersions(db, id)).map(modelVersionAnswer);
    },
  );

  app.post(
    "/ml/models/:version/promote",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary: "Let a model version serve from now on, or make it the challenger",
        tags: ["model"],
        params: promoteParamsSchema,
        querystring: modelsQuerySchema,
        body: promoteBodySchema,
        response: responses(modelVersionSchema, [400, 403, 404]),
      },
    },
    async (request) => {
      const { id } = await sources.of(request.query.data_source_id);
      const { version } = request.params;
      await promoteModelVersion(db, id, version, request.body.alias);
      sources.forget();
      return modelVersionAnswer(await findModelVersion(db, id, version));
    },
  );

  app.post(
    "/ml/models/rollback",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary: "Let the model version serve again that served before",
        tags: ["model"],
        querystring: modelsQuerySchema,
        response: responses(modelVersionSchema, [400, 403, 404, 409]),
      },
    },
    async (request) => {
      const { id } = await sources.of(request.query.data_source_id);
      const version = await rollbackModelVersion(db, id);
      sources.forget();
      return modelVersionAnswer(await findModelVersion(db, id, version));
    },
  );
}
