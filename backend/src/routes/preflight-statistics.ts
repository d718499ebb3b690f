import { preflightCounts, preflightTrend, topBrokenRules } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { seenBy } from "../examined-file.ts";
import {
  brokenRuleAnswer,
  countsAnswer,
  statsQuerySchema,
  statsSchema,
  topRulesQuerySchema,
  topRulesSchema,
  totalCounts,
  trendAnswer,
  trendsQuerySchema,
  trendsSchema,
} from "../schemas/preflight-statistics.ts";
import { windowOf } from "../schemas/preflight-window.ts";
import { responses } from "../schemas/responses.ts";

const common = { handlerTimeout: ANSWER_LIMIT_MS, config: { access: "diagnostics:read" as const } };
const tags = ["diagnostics"];

export function addPreflightStatisticsRoutes(app: Api, { db, effects }: Counter): void {
  app.get(
    "/diagnostics/preflight/stats",
    {
      ...common,
      schema: {
        summary: "How many examined files ended how, in all and by file",
        tags,
        querystring: statsQuerySchema,
        response: responses(statsSchema, [400]),
      },
    },
    async (request) => {
      const { filter, echo } = windowOf(request.query, effects.now());
      const parts = await preflightCounts(db, { ...filter, ...seenBy(request) });
      return {
        ...countsAnswer(totalCounts(parts)),
        by_source: Object.fromEntries(parts.map((part) => [part.sourceName, countsAnswer(part)])),
        filters: echo,
      };
    },
  );

  app.get(
    "/diagnostics/preflight/trends",
    {
      ...common,
      schema: {
        summary: "The same counts by day or hour",
        tags,
        querystring: trendsQuerySchema,
        response: responses(trendsSchema, [400]),
      },
    },
    async (request) => {
      const { bucket } = request.query;
      const { filter, echo } = windowOf(request.query, effects.now());
      const points = await preflightTrend(db, { ...filter, ...seenBy(request) }, bucket);
      return { bucket, items: points.map(trendAnswer), filters: echo };
    },
  );

  app.get(
    "/diagnostics/preflight/rules/top",
    {
      ...common,
      schema: {
        summary: "The rules that were broken most often",
        tags,
        querystring: topRulesQuerySchema,
        response: responses(topRulesSchema, [400]),
      },
    },
    async (request) => {
      const { limit } = request.query;
      const { filter, echo } = windowOf(request.query, effects.now());
      const rules = await topBrokenRules(db, { ...filter, ...seenBy(request) }, limit);
      return { items: rules.map(brokenRuleAnswer), limit, filters: echo };
    },
  );
}
