import {
  changeScenario,
  deleteScenario,
  findScenario,
  listScenarios,
  saveScenario,
  scenarioVersions,
} from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { problemDocument } from "../problem-of.ts";
import { createdResponses, responses } from "../schemas/responses.ts";
import {
  type ChangeScenarioBody,
  changeScenarioBodySchema,
  newScenarioBodySchema,
  type SavedScenario,
  type ScenarioConflict,
  savedScenarioAnswer,
  savedScenarioParamsSchema,
  savedScenarioSchema,
  savedScenariosQuerySchema,
  savedScenariosSchema,
  scenarioConflictSchema,
} from "../schemas/saved-scenarios.ts";
import { refuseOtherSource } from "../source-binding.ts";

export function addSavedScenarioRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/scenarios",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Saved scenarios of a data source, newest change first",
        tags: ["scenario"],
        querystring: savedScenariosQuerySchema,
        response: responses(savedScenariosSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { id } = await sources.of(request.query.data_source_id);
      reply.header("cache-control", "no-store");
      return (await listScenarios(db, id)).map(savedScenarioAnswer);
    },
  );

  app.post(
    "/scenarios",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Save scenarios with their stores and days under a name",
        tags: ["scenario"],
        body: newScenarioBodySchema,
        response: createdResponses(savedScenarioSchema, [400, 403, 404]),
      },
    },
    async (request, reply) => {
      const { name, note, content, data_source_id } = request.body;
      const { id } = await sources.of(data_source_id);
      const text = { name, note, content: { ...content, data_source_id: id } };
      const saved = await saveScenario(db, id, text, request.caller.name);
      reply.code(201).header("location", `/api/v1/scenarios/${saved.scenarioId}`);
      return savedScenarioAnswer(saved);
    },
  );

  app.get(
    "/scenarios/:scenario_id",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "A saved scenario in its newest version; what a share link shows",
        tags: ["scenario"],
        params: savedScenarioParamsSchema,
        response: responses(savedScenarioSchema, [403, 404]),
      },
    },
    async (request, reply) => {
      const saved = await findScenario(db, request.params.scenario_id);
      refuseOtherSource(request.caller, saved.dataSourceId);
      reply.header("cache-control", "no-store");
      return savedScenarioAnswer(saved);
    },
  );

  app.get(
    "/scenarios/:scenario_id/versions",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Every version of a saved scenario, newest first",
        tags: ["scenario"],
        params: savedScenarioParamsSchema,
        response: responses(savedScenariosSchema, [403, 404]),
      },
    },
    async (request, reply) => {
      const versions = await scenarioVersions(db, request.params.scenario_id);
      refuseOtherSource(request.caller, versions[0]?.dataSourceId ?? null);
      reply.header("cache-control", "no-store");
      return versions.map(savedScenarioAnswer);
    },
  );

  app.put(
    "/scenarios/:scenario_id",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Save the next version; 409 with both versions when somebody else saved meanwhile",
        tags: ["scenario"],
        params: savedScenarioParamsSchema,
        body: changeScenarioBodySchema,
        response: {
          ...responses(savedScenarioSchema, [400, 403, 404]),
          409: {
            description: "Somebody else saved meanwhile; nothing was overwritten",
            content: { "application/problem+json": { schema: scenarioConflictSchema } },
          },
        },
      },
    },
    async (request, reply) => {
      const { scenario_id } = request.params;
      const before = await findScenario(db, scenario_id);
      refuseOtherSource(request.caller, before.dataSourceId);
      const { name, note, content, version } = request.body;
      // A scenario stays with the shops it was made for.
      const text = { name, note, content: { ...content, data_source_id: before.dataSourceId } };
      const saved = await changeScenario(db, scenario_id, version, text, request.caller.name);
      if (saved !== null) return savedScenarioAnswer(saved);
      const current = savedScenarioAnswer(await findScenario(db, scenario_id));
      const conflict = conflictOf(current, request.body, request.url, request.id);
      return reply
        .code(409)
        .header("cache-control", "no-store")
        .type("application/problem+json")
        .send(conflict);
    },
  );

  app.delete(
    "/scenarios/:scenario_id",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Take a saved scenario out of the list; the answer is what it was",
        tags: ["scenario"],
        params: savedScenarioParamsSchema,
        response: responses(savedScenarioSchema, [403, 404]),
      },
    },
    async (request) => {
      const saved = await findScenario(db, request.params.scenario_id);
      refuseOtherSource(request.caller, saved.dataSourceId);
      await deleteScenario(db, saved.scenarioId, request.caller.name);
      return savedScenarioAnswer(saved);
    },
  );
}

function conflictOf(
  current: SavedScenario,
  submitted: ChangeScenarioBody,
  path: string,
  requestId: string,
): ScenarioConflict {
  const problem = problemDocument(
    {
      status: 409,
      code: "scenario_changed_meanwhile",
      detail: `${current.changed_by} saved version ${current.version} of "${current.name}" meanwhile; you changed version ${submitted.version}. Save yours on top of it, or as a new scenario`,
      errors: [],
    },
    path,
    requestId,
  );
  return { ...problem, current, submitted: submitted as ScenarioConflict["submitted"] };
}
