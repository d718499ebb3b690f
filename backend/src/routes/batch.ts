import { messageOf } from "@rossmann/core";
import { newRunId } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { batchAnswer } from "../planning/batch-answer.ts";
import { refuseUnknown } from "../planning/refuse-unknown.ts";
import { versionOf } from "../planning/stamp-answer.ts";
import { segmentFilter, storesOf } from "../planning/target-stores.ts";
import { type BatchQuestion, batchBodySchema, batchSchema, LARGEST_BATCH_STORES } from "../schemas/batch.ts";
import { responses } from "../schemas/responses.ts";

export function addBatchRoutes(app: Api, { db, forecaster, sources, forecastRuns }: Counter): void {
  app.post(
    "/forecast/batch",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Forecast many stores: each one, their total by day and week, and the total by store type",
        description:
          "Intervals of totals come from joint errors of the backtest; a total's point is the sum of its parts. A store that cannot be forecast is named in failures.",
        tags: ["forecast"],
        body: batchBodySchema,
        response: responses(batchSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const source = await sources.of(request.body.data_source_id).catch(refuseUnknown);
      const storeIds = await askedStores(request.body, source.id);
      const { horizon_days, confidence_level } = request.body;
      const run = {
        runId: newRunId("forecast_batch"),
        runType: "batch",
        dataSourceId: source.id,
        request: { store_ids: storeIds, horizon_days, confidence_level, data_source_id: source.id },
      } as const;
      reply.header("x-forecast-run-id", run.runId).header("cache-control", "no-store");
      try {
        const portfolio = await forecaster.portfolio({
          dataSourceId: source.id,
          storeIds,
          horizon: horizon_days,
          level: confidence_level,
        });
        const answer = batchAnswer(run.runId, portfolio, storeIds);
        await forecastRuns.record({
          ...run,
          status: "COMPLETED",
          modelVersion: versionOf(portfolio),
          origin: portfolio.origin,
          summary: {
            stores_count: portfolio.stores.length,
            total_predicted_sales: portfolio.total,
            avg_daily_sales: portfolio.total / horizon_days,
          },
        });
        return answer;
      } catch (error) {
        await forecastRuns.record({ ...run, status: "FAILED", errorMessage: messageOf(error) });
        return refuseUnknown(error);
      }
    },
  );

  async function askedStores(
    { store_ids, segment, all_stores }: BatchQuestion,
    dataSourceId: number,
  ): Promise<number[]> {
    const filter = segmentFilter(segment);
    const ways = [store_ids?.length !== undefined, filter !== null, all_stores].filter(Boolean).length;
    if (ways !== 1) {
      throw new HttpRefusal(
        400,
        "batch_target_invalid",
        ways === 0
          ? "say which stores: store_ids, a segment with at least one attribute, or all_stores"
          : "use one of store_ids, segment and all_stores, not several",
      );
    }
    if (store_ids !== null && store_ids !== undefined) return [...new Set(store_ids)];
    return (await storesOf(db, dataSourceId, filter, LARGEST_BATCH_STORES)).storeIds;
  }
}
