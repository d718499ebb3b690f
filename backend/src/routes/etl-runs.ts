import {
  etlFindings,
  findEtlRun,
  findPreflightRun,
  listEtlRuns,
  resolveDataSource,
  sourceFootprint,
  uploadOfRun,
} from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  etlRunAnswer,
  etlRunDetailAnswer,
  etlRunDetailSchema,
  etlRunsQuerySchema,
  etlRunsSchema,
  runParamsSchema,
} from "../schemas/etl-runs.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";
import { refuseOtherSource } from "../source-binding.ts";

const tags = ["runs"];

export function addEtlRunRoutes(app: Api, { db }: Counter): void {
  app.get(
    "/etl/runs",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "The loads of a data source, also of one that is switched off",
        tags,
        querystring: etlRunsQuerySchema,
        response: responses(etlRunsSchema, [404]),
      },
    },
    async (request, reply) => {
      const { limit, cursor, data_source_id, status } = request.query;
      const { id } = await resolveDataSource(db, data_source_id, { allowInactive: true });
      reply.header("cache-control", "no-store");
      const runs = await listEtlRuns(db, { dataSourceId: id, status, after: cursor, limit: limit + 1 });
      const { items, next_cursor } = pageOf(runs, limit, ({ runId }) => runId);
      return { items: items.map((run) => etlRunAnswer(run)), limit, next_cursor, data_source_id: id };
    },
  );

  app.get(
    "/etl/runs/:run_id",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read", keepsToSources: true },
      schema: {
        summary: "One load: the files it was given, what it found in them and what it wrote",
        tags,
        params: runParamsSchema,
        response: responses(etlRunDetailSchema, [404]),
      },
    },
    async (request, reply) => {
      const run = await findEtlRun(db, request.params.run_id);
      refuseOtherSource(request.caller, run.dataSourceId);
      reply.header("cache-control", "no-store");
      const [findings, examined, upload, footprint] = await Promise.all([
        etlFindings(db, run.runId),
        findPreflightRun(db, run.runId),
        uploadOfRun(db, run.runId),
        run.dataSourceId === null ? null : sourceFootprint(db, run.dataSourceId),
      ]);
      return etlRunDetailAnswer(run, findings, examined, upload, footprint?.etlRunId === run.runId);
    },
  );
}
