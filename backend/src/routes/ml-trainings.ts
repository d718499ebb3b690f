import { findExperiment } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { experimentAnswer, experimentParamsSchema, experimentSchema } from "../schemas/ml-experiments.ts";
import { trainingBodySchema } from "../schemas/ml-trainings.ts";
import { acceptedResponses, responses } from "../schemas/responses.ts";
import { refuseOtherSource } from "../source-binding.ts";
import type { SourceState } from "../sources.ts";

export function addMlTrainingRoutes(app: Api, { db, sources, trainings }: Counter): void {
  app.post(
    "/ml/trainings",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary:
          "Begin a training in the background; Location names its experiment, which tells its progress",
        tags: ["model"],
        body: trainingBodySchema,
        response: acceptedResponses(experimentSchema, [400, 403, 404, 409]),
      },
    },
    async (request, reply) => {
      const { profile, seed, origin, data_source_id } = request.body;
      const source = await sources.of(data_source_id);
      refuseUntrainable(source, origin ?? null);
      const experimentId = await trainings.start({
        dataSourceId: source.id,
        profile,
        seed,
        origin: origin ?? undefined,
      });
      return reply
        .code(202)
        .header("location", `/api/v1/ml/experiments/${experimentId}`)
        .header("cache-control", "no-store")
        .send(experimentAnswer(await findExperiment(db, experimentId)));
    },
  );

  app.delete(
    "/ml/trainings/:experiment_id",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write", keepsToSources: true },
      schema: {
        summary: "Cancel a training; its experiment is FAILED then, and the model that serves stays",
        tags: ["model"],
        params: experimentParamsSchema,
        response: responses(experimentSchema, [403, 404, 409]),
      },
    },
    async (request) => {
      const { experimentId, dataSourceId } = await findExperiment(db, request.params.experiment_id);
      refuseOtherSource(request.caller, dataSourceId);
      await trainings.cancel(experimentId, `cancelled by ${request.caller.name} (request ${request.id})`);
      return experimentAnswer(await findExperiment(db, experimentId));
    },
  );
}

/** What is known to fail is refused at once, not after a process was started for it. */
function refuseUntrainable({ id, footprint }: SourceState, origin: string | null): void {
  if (footprint === null || footprint.dateFrom === null || footprint.dateTo === null) {
    throw new HttpRefusal(
      409,
      "history_empty",
      `data source ${id} has no sales to learn from; load some with "rossmann etl"`,
    );
  }
  if (origin !== null && (origin < footprint.dateFrom || origin > footprint.dateTo)) {
    throw new HttpRefusal(
      400,
      "origin_invalid",
      `origin must be a day with sales, from ${footprint.dateFrom} to ${footprint.dateTo}, got ${origin}`,
    );
  }
}
