import { kpiSummary, promoImpact, type StoreMover, storeMovers } from "@rossmann/warehouse";
import { createAnswerCache } from "../answer-cache.ts";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { PeriodRefused } from "../errors.ts";
import { entityTag, isUnchanged } from "../freshness.ts";
import { assertPeriod } from "../period.ts";
import {
  kpiFiguresAnswer,
  kpiSummaryQuerySchema,
  kpiSummarySchema,
  moverAnswer,
  moversQuerySchema,
  moversSchema,
  promoImpactAnswer,
  promoImpactQuerySchema,
  promoImpactSchema,
} from "../schemas/kpi.ts";
import { responses } from "../schemas/responses.ts";

/** The one question here that reads the sales of every store and day of its period. */
const KEPT_MOVERS = 100;

export function addKpiRoutes(app: Api, { db, sources }: Counter): void {
  const movers = createAnswerCache<StoreMover[]>(KEPT_MOVERS);

  app.get(
    "/kpi/summary",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Key figures of a period, of the chain or one store, and of a period to compare with",
        tags: ["kpi"],
        querystring: kpiSummaryQuerySchema,
        response: responses(kpiSummarySchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { date_from, date_to, store_id, compare_from, compare_to, data_source_id } = request.query;
      assertPeriod(date_from, date_to);
      const compared = comparedPeriod(compare_from, compare_to);
      const source = await sources.of(data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const scope = { dataSourceId: source.id, storeId: store_id };
      const [figures, comparison] = await Promise.all([
        kpiSummary(db, { ...scope, dateFrom: date_from, dateTo: date_to }),
        compared === null ? null : kpiSummary(db, { ...scope, ...compared }),
      ]);
      return {
        ...kpiFiguresAnswer(figures),
        comparison: comparison === null ? null : kpiFiguresAnswer(comparison),
      };
    },
  );

  app.get(
    "/kpi/promo-impact",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Days with a promotion against days without, per store, over the whole history",
        tags: ["kpi"],
        querystring: promoImpactQuerySchema,
        response: responses(promoImpactSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const source = await sources.of(request.query.data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const rows = await promoImpact(db, { dataSourceId: source.id, storeId: request.query.store_id });
      return rows.map(promoImpactAnswer);
    },
  );

  app.get(
    "/kpi/movers",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "Stores whose sales changed most against the period of the same length before",
        tags: ["kpi"],
        querystring: moversQuerySchema,
        response: responses(moversSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { date_from, date_to, limit, data_source_id } = request.query;
      assertPeriod(date_from, date_to);
      const source = await sources.of(data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const question = { dataSourceId: source.id, dateFrom: date_from, dateTo: date_to, limit };
      const key = `${entityTag(source)} ${JSON.stringify(question)}`;
      const rows = await movers.get(key, () => storeMovers(db, question));
      return rows.map(moverAnswer);
    },
  );
}

function comparedPeriod(from: string | undefined, to: string | undefined) {
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) {
    throw new PeriodRefused(
      `${from === undefined ? "compare_to" : "compare_from"} needs its other end: send both or none`,
    );
  }
  assertPeriod(from, to, ["compare_from", "compare_to"]);
  return { dateFrom: from, dateTo: to };
}
