import { createSilence, endSilence, parseMatcher } from "@rossmann/alerts";
import { listSilences } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";
import {
  silenceAnswer,
  silenceBodySchema,
  silenceParamsSchema,
  silenceSchema,
  silencesQuerySchema,
  silencesSchema,
} from "../schemas/silences.ts";

const SILENCES = "/diagnostics/preflight/alerts/silences";

export function addSilenceRoutes(app: Api, { db, settings, effects }: Counter): void {
  app.get(
    SILENCES,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "Silences, newest first",
        tags: ["alerts"],
        querystring: silencesQuerySchema,
        response: responses(silencesSchema),
      },
    },
    async (request, reply) => {
      const { limit, cursor, include_expired } = request.query;
      const rows = await listSilences(db, {
        includeExpired: include_expired,
        after: cursor,
        limit: limit + 1,
      });
      const { items, next_cursor } = pageOf(rows, limit, ({ silenceId }) => silenceId);
      reply.header("cache-control", "no-store");
      return { limit, next_cursor, include_expired, items: items.map(silenceAnswer) };
    },
  );

  app.post(
    SILENCES,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:operate" },
      schema: {
        summary: "Hold the notifications of matching alerts back for some time; their state is not touched",
        tags: ["alerts"],
        body: silenceBodySchema,
        response: responses(silenceSchema, [400, 403]),
      },
    },
    async (request) => {
      const { body } = request;
      const silence = await createSilence(
        db,
        {
          policyId: body.policy_id,
          sourceName: body.source_name,
          severity: body.severity,
          ruleId: body.rule_id,
          matchers: body.matchers.map(parseMatcher),
          startsAt: body.starts_at,
          endsAt: body.ends_at,
          reason: body.reason,
          matchEverything: body.match_everything,
        },
        request.caller.name,
        { now: new Date(effects.now()), maxDays: settings.PREFLIGHT_ALERTS_SILENCE_MAX_DAYS },
      );
      return silenceAnswer(silence);
    },
  );

  app.post(
    `${SILENCES}/:silence_id/expire`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:operate" },
      schema: {
        summary: "End a silence now; ending it again changes nothing",
        tags: ["alerts"],
        params: silenceParamsSchema,
        response: responses(silenceSchema, [403, 404]),
      },
    },
    async (request) => silenceAnswer(await endSilence(db, request.params.silence_id, request.caller.name)),
  );
}
