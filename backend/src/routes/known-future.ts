import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { isUnchanged } from "../freshness.ts";
import { calendarQuerySchema, calendarSchema } from "../schemas/known-future.ts";
import { responses } from "../schemas/responses.ts";

export function addKnownFutureRoutes(app: Api, { forecaster, sources }: Counter): void {
  app.get(
    "/forecast/calendar",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Promotion, opening and holidays of a store's coming days, and which of them were known",
        tags: ["forecast"],
        querystring: calendarQuerySchema,
        response: responses(calendarSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { store_id, horizon_days, data_source_id } = request.query;
      const source = await sources.of(data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const { origin, days } = await forecaster.knownFuture({
        dataSourceId: source.id,
        storeId: store_id,
        horizon: horizon_days,
      });
      return {
        store_id,
        origin,
        known_until: days.findLast(({ known }) => known)?.date ?? null,
        days: days.map((day) => ({
          date: day.date,
          open: day.open,
          promo: day.promo,
          state_holiday: day.stateHoliday,
          school_holiday: day.schoolHoliday,
          basis: day.known ? ("known" as const) : ("projected" as const),
        })),
      };
    },
  );
}
