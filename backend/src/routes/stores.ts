import { listStores } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { isUnchanged } from "../freshness.ts";
import { responses } from "../schemas/responses.ts";
import { storeAnswer, storesQuerySchema, storesSchema } from "../schemas/stores.ts";

export function addStoreRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/stores",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Every store with its attributes and totals, by store_id",
        tags: ["stores"],
        querystring: storesQuerySchema,
        response: responses(storesSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const source = await sources.of(request.query.data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      return (await listStores(db, source.id)).map(storeAnswer);
    },
  );
}
