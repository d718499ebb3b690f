import { backtestScores, findExperiment, listExperiments } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  backtestQuerySchema,
  backtestRowAnswer,
  backtestTableSchema,
  experimentAnswer,
  experimentParamsSchema,
  experimentSchema,
  experimentsQuerySchema,
  experimentsSchema,
} from "../schemas/ml-experiments.ts";
import { responses } from "../schemas/responses.ts";
import { refuseOtherSource } from "../source-binding.ts";

export function addMlExperimentRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/ml/experiments",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "The trainings of a data source, running ones with how far they are",
        tags: ["model"],
        querystring: experimentsQuerySchema,
        response: responses(experimentsSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { limit, data_source_id } = request.query;
      const { id } = await sources.of(data_source_id);
      reply.header("cache-control", "no-store");
      const experiments = await listExperiments(db, { dataSourceId: id, limit });
      return { items: experiments.map(experimentAnswer), limit, data_source_id: id };
    },
  );

  app.get(
    "/ml/experiments/:experiment_id",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read", keepsToSources: true },
      schema: {
        summary: "One training: settings, progress, outcome",
        tags: ["model"],
        params: experimentParamsSchema,
        response: responses(experimentSchema, [404]),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const experiment = await findExperiment(db, request.params.experiment_id);
      refuseOtherSource(request.caller, experiment.dataSourceId);
      return experimentAnswer(experiment);
    },
  );

  app.get(
    "/ml/experiments/:experiment_id/backtest",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read", keepsToSources: true },
      schema: {
        summary: "The backtest of one training by model, origin and segment",
        tags: ["model"],
        params: experimentParamsSchema,
        querystring: backtestQuerySchema,
        response: responses(backtestTableSchema, [404]),
      },
    },
    async (request, reply) => {
      const { segment_kind, model_type } = request.query;
      const { experimentId, dataSourceId } = await findExperiment(db, request.params.experiment_id);
      refuseOtherSource(request.caller, dataSourceId);
      reply.header("cache-control", "no-store");
      const scores = await backtestScores(db, experimentId, {
        segmentKind: segment_kind,
        modelType: model_type,
      });
      return { experiment_id: experimentId, rows: scores.map(backtestRowAnswer) };
    },
  );
}
