import { type ActualSums, forecastActuals } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { assertPeriod } from "../period.ts";
import { actualsQuerySchema, actualsSchema } from "../schemas/actuals.ts";
import { responses } from "../schemas/responses.ts";

const LARGEST_STORE_LIST = 50;

export function addActualsRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/forecast/actuals",
    {
      config: { access: "data:read" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Forecasts that were given against the sales that came: error, bias and coverage",
        tags: ["forecast"],
        querystring: actualsQuerySchema,
        response: responses(actualsSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { store_id, date_from, date_to, data_source_id } = request.query;
      if (date_from !== undefined && date_to !== undefined) assertPeriod(date_from, date_to);
      const { id } = await sources.of(data_source_id);
      // Another forecast may meet its sales without any load in between.
      reply.header("cache-control", "no-store");
      const groups = await forecastActuals(db, {
        dataSourceId: id,
        storeId: store_id,
        dateFrom: date_from,
        dateTo: date_to,
      });
      const all = groups.find(
        ({ from, week, storeId }) => from === null && week === null && storeId === null,
      );
      return {
        ...measuresOf(all ?? NOTHING),
        by_horizon: groups.flatMap((group) =>
          group.from === null || group.to === null
            ? []
            : [{ from: group.from, to: group.to, ...measuresOf(group) }],
        ),
        by_week: groups.flatMap((group) =>
          group.week === null ? [] : [{ date_from: group.week, ...measuresOf(group) }],
        ),
        by_store: groups
          .flatMap((group) =>
            group.storeId === null ? [] : [{ store_id: group.storeId, ...measuresOf(group) }],
          )
          .sort((a, b) => Number(b.wape) - Number(a.wape))
          .slice(0, LARGEST_STORE_LIST),
      };
    },
  );
}

const NOTHING: ActualSums = { points: 0, absoluteError: 0, error: 0, actual: 0, intervals: 0, covered: 0 };

function measuresOf({ points, absoluteError, error, actual, intervals, covered }: ActualSums) {
  return {
    points,
    wape: actual > 0 ? absoluteError / actual : null,
    bias: actual > 0 ? error / actual : null,
    coverage_80: intervals > 0 ? covered / intervals : null,
  };
}
