import { countStores, findModelVersion, pingDatabase } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { isUnchanged } from "../freshness.ts";
import { responses } from "../schemas/responses.ts";
import { systemSummaryQuerySchema, systemSummarySchema } from "../schemas/system.ts";
import { API_VERSION } from "../version.ts";

export function addSystemRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/system/summary",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "What the platform holds, since when, and which model serves",
        tags: ["system"],
        querystring: systemSummaryQuerySchema,
        response: responses(systemSummarySchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const source = await sources.of(request.query.data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const [serverVersion, storesCount, model] = await Promise.all([
        pingDatabase(db),
        countStores(db, source.id),
        source.modelVersion === null ? null : findModelVersion(db, source.id, source.modelVersion),
      ]);
      const { footprint } = source;
      return {
        stores_count: storesCount,
        sales_rows_count: footprint?.salesRowsCount ?? 0,
        date_from: footprint?.dateFrom ?? null,
        date_to: footprint?.dateTo ?? null,
        data_source: { id: source.id, name: source.name },
        loaded_at: footprint?.loadedAt.toISOString() ?? null,
        etl_run_id: footprint?.etlRunId ?? null,
        model: model && {
          version: model.version,
          model_type: model.modelType,
          trained_at: model.createdAt.toISOString(),
          trained_to: model.trainedTo,
        },
        server_version: serverVersion,
        api_version: API_VERSION,
      };
    },
  );
}
