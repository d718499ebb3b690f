import { findForecastRun, forecastPoints, listForecastRuns, resolveDataSource } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { runParamsSchema } from "../schemas/etl-runs.ts";
import {
  forecastRunAnswer,
  forecastRunDetailSchema,
  forecastRunsQuerySchema,
  forecastRunsSchema,
  runPointAnswer,
} from "../schemas/forecast-runs.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";
import { refuseOtherSource } from "../source-binding.ts";

const tags = ["runs"];

export function addForecastRunRoutes(app: Api, { db }: Counter): void {
  app.get(
    "/forecast/runs",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Forecasts that were asked for",
        tags,
        querystring: forecastRunsQuerySchema,
        response: responses(forecastRunsSchema, [404]),
      },
    },
    async (request, reply) => {
      const { limit, cursor, data_source_id, run_type, status, store_id } = request.query;
      const { id } = await resolveDataSource(db, data_source_id, { allowInactive: true });
      reply.header("cache-control", "no-store");
      const runs = await listForecastRuns(db, {
        dataSourceId: id,
        runType: run_type,
        status,
        storeId: store_id,
        after: cursor,
        limit: limit + 1,
      });
      const { items, next_cursor } = pageOf(runs, limit, ({ runId }) => runId);
      return { items: items.map(forecastRunAnswer), limit, next_cursor, data_source_id: id };
    },
  );

  app.get(
    "/forecast/runs/:run_id",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read", keepsToSources: true },
      schema: {
        summary: "One forecast that was given, with its points",
        tags,
        params: runParamsSchema,
        response: responses(forecastRunDetailSchema, [404]),
      },
    },
    async (request, reply) => {
      const run = await findForecastRun(db, request.params.run_id);
      refuseOtherSource(request.caller, run.dataSourceId);
      reply.header("cache-control", "no-store");
      const points = await forecastPoints(db, run.runId);
      return { ...forecastRunAnswer(run), points: points.map(runPointAnswer) };
    },
  );
}
