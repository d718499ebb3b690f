import { parseIsoDate } from "@rossmann/core";
import {
  findOverride,
  listOverrides,
  overrideErrors,
  recordOverride,
  withdrawOverride,
} from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { overrideValueAnswer } from "../planning/override-value.ts";
import { refuseUnknown } from "../planning/refuse-unknown.ts";
import { versionOf } from "../planning/stamp-answer.ts";
import {
  newOverrideBodySchema,
  overrideAnswer,
  overrideParamsSchema,
  overrideSchema,
  overrideSourceQuerySchema,
  overridesQuerySchema,
  overridesSchema,
  overrideValueSchema,
} from "../schemas/overrides.ts";
import { LARGEST_HORIZON_DAYS } from "../schemas/planning-values.ts";
import { createdResponses, responses } from "../schemas/responses.ts";

export function addOverrideRoutes(app: Api, { db, forecaster, sources }: Counter): void {
  app.get(
    "/forecast/overrides",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Planners' corrections of forecasts, newest first, with actual sales where they are known",
        tags: ["override"],
        querystring: overridesQuerySchema,
        response: responses(overridesSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { store_id, date_from, date_to, include_withdrawn, limit, data_source_id } = request.query;
      const { id } = await sources.of(data_source_id);
      reply.header("cache-control", "no-store");
      const found = await listOverrides(db, {
        dataSourceId: id,
        storeId: store_id,
        dateFrom: date_from,
        dateTo: date_to,
        includeWithdrawn: include_withdrawn,
        limit,
      });
      return found.map(overrideAnswer);
    },
  );

  app.get(
    "/forecast/overrides/value",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "What corrections were worth: their error against the model's and the seasonal naive rule's",
        tags: ["override"],
        querystring: overrideSourceQuerySchema,
        response: responses(overrideValueSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { id } = await sources.of(request.query.data_source_id);
      reply.header("cache-control", "no-store");
      return overrideValueAnswer(await overrideErrors(db, id));
    },
  );

  app.post(
    "/forecast/overrides",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Correct coming days of a store; the model's own value stays beside it",
        tags: ["override"],
        body: newOverrideBodySchema,
        response: createdResponses(overrideSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const { store_id, date_from, sales, change_pct, reason, data_source_id } = request.body;
      const date_to = request.body.date_to ?? date_from;
      if (((sales ?? null) === null) === ((change_pct ?? null) === null)) {
        throw new HttpRefusal(400, "override_invalid", "say either sales or change_pct, and not both");
      }
      if (date_from > date_to) {
        throw new HttpRefusal(
          400,
          "period_invalid",
          `date_from ${date_from} lies after date_to ${date_to}; exchange them`,
        );
      }
      const source = await sources.of(data_source_id).catch(refuseUnknown);
      const answer = await forecaster
        .withNaive({ dataSourceId: source.id, storeId: store_id })
        .catch(refuseUnknown);
      const lastDay = parseIsoDate(answer.origin)! + LARGEST_HORIZON_DAYS;
      if (date_from <= answer.origin || parseIsoDate(date_to)! > lastDay) {
        throw new HttpRefusal(
          400,
          "override_out_of_range",
          `a correction is for coming days: after ${answer.origin}, the last observed one, and at most ${LARGEST_HORIZON_DAYS} days later; got ${date_from} to ${date_to}`,
        );
      }
      const days = answer.days.filter(({ date, open }) => open === 1 && date >= date_from && date <= date_to);
      if (days.length === 0) {
        throw new HttpRefusal(
          400,
          "override_without_open_day",
          `store ${store_id} is closed from ${date_from} to ${date_to}: there is no sale to correct`,
        );
      }
      const overrideId = await recordOverride(db, {
        dataSourceId: source.id,
        storeId: store_id,
        dateFrom: date_from,
        dateTo: date_to,
        sales: sales ?? null,
        changePct: change_pct ?? null,
        reason,
        author: request.caller.name,
        origin: answer.origin,
        modelVersion: versionOf(answer),
        days: days.map(({ date, modelSales, naiveSales }) => ({
          date,
          modelSales,
          naiveSales,
          overrideSales: sales ?? (modelSales * (100 + Number(change_pct))) / 100,
        })),
      });
      reply.code(201);
      return overrideAnswer(await findOverride(db, source.id, overrideId));
    },
  );

  app.delete(
    "/forecast/overrides/:override_id",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Take a correction back; it stays in the list of the withdrawn",
        tags: ["override"],
        params: overrideParamsSchema,
        querystring: overrideSourceQuerySchema,
        response: responses(overrideSchema, [403, 404]),
      },
    },
    async (request) => {
      const { id } = await sources.of(request.query.data_source_id);
      const { override_id } = request.params;
      return overrideAnswer(await withdrawOverride(db, id, override_id, request.caller.name));
    },
  );
}
