import { findPlanningRun } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { type PlanningRun, planningRunParamsSchema, planningRunSchema } from "../schemas/planning-runs.ts";
import { responses } from "../schemas/responses.ts";
import { refuseOtherSource } from "../source-binding.ts";

export function addPlanningRunRoutes(app: Api, { db }: Counter): void {
  app.get(
    "/planning/runs/:run_id",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "A portfolio or scenario that was asked for: how far it is, and its answer",
        tags: ["forecast"],
        params: planningRunParamsSchema,
        response: responses(planningRunSchema, [403, 404]),
      },
    },
    async (request, reply) => {
      const run = await findPlanningRun(db, request.params.run_id);
      refuseOtherSource(request.caller, run.dataSourceId);
      reply.header("cache-control", "no-store");
      return {
        run_id: run.runId,
        run_type: run.runType,
        status: run.status,
        created_at: run.createdAt.toISOString(),
        finished_at: run.finishedAt?.toISOString() ?? null,
        progress: run.progress,
        error_message: run.errorMessage,
        // Written by the routes that answer it, in the form of their schemas.
        result: run.result as PlanningRun["result"],
      };
    },
  );
}
