import { messageOf } from "@rossmann/core";
import type { ChainForecast, ForecastAnswer } from "@rossmann/ml";
import { findModelVersion, type NewForecastRun, newRunId, overridesInForce } from "@rossmann/warehouse";
import { createAnswerCache } from "../answer-cache.ts";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { accuracyOf } from "../forecast-accuracy.ts";
import { entityTag, isUnchanged } from "../freshness.ts";
import { refuseUnknown } from "../planning/refuse-unknown.ts";
import { versionOf } from "../planning/stamp-answer.ts";
import {
  accuracyQuerySchema,
  chainForecastQuerySchema,
  chainForecastSchema,
  chainPointAnswer,
  forecastAccuracySchema,
  forecastBodySchema,
  forecastPointAnswer,
  forecastSchema,
} from "../schemas/forecast.ts";
import { responses } from "../schemas/responses.ts";

/** Summing a thousand stores over half a year takes a fifth of a second. */
const KEPT_CHAIN_FORECASTS = 50;
/** Before every business day. */
const FIRST_DAY = "1900-01-01";

export function addForecastRoutes(app: Api, counter: Counter): void {
  const { db, forecaster, sources, forecastRuns, settings } = counter;
  const chains = createAnswerCache<ChainForecast>(KEPT_CHAIN_FORECASTS);

  app.post(
    "/forecast",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "forecast:run" },
      schema: {
        summary: "Forecast one store's coming days",
        description:
          "Headers name the run (X-Forecast-Run-Id), the model (X-Model-Version) and the last observed day (X-Forecast-Origin).",
        tags: ["forecast"],
        body: forecastBodySchema,
        response: responses(forecastSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const { store_id, horizon_days, confidence_level, drivers, data_source_id } = request.body;
      const source = await sources.of(data_source_id).catch(refuseUnknown);
      const run = {
        runId: newRunId("forecast"),
        runType: "forecast",
        dataSourceId: source.id,
        storeId: store_id,
        request: { store_id, horizon_days, data_source_id: source.id },
      } as const;
      reply.header("x-forecast-run-id", run.runId).header("cache-control", "no-store");
      let answer: ForecastAnswer;
      let overrides: Awaited<ReturnType<typeof overridesInForce>>;
      try {
        [answer, overrides] = await Promise.all([
          forecaster.forecast({
            dataSourceId: source.id,
            storeIds: [store_id],
            horizon: horizon_days,
            level: confidence_level,
            drivers,
          }),
          overridesInForce(db, source.id, store_id, source.footprint?.dateTo ?? FIRST_DAY),
        ]);
      } catch (error) {
        await forecastRuns.record({ ...run, status: "FAILED", errorMessage: messageOf(error) });
        return refuseUnknown(error);
      }
      await forecastRuns.record({ ...run, status: "COMPLETED", ...outcomeOf(answer) });
      reply.header("x-model-version", answer.modelVersion).header("x-forecast-origin", answer.origin);
      return answer.stores.flatMap(({ points }) =>
        points.map((point) => forecastPointAnswer(point, overrides.get(point.date))),
      );
    },
  );

  app.get(
    "/forecast/chain",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary:
          "Forecast the whole chain: each day and the total, with intervals that know that errors are shared",
        tags: ["forecast"],
        querystring: chainForecastQuerySchema,
        response: responses(chainForecastSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { horizon_days, data_source_id } = request.query;
      const source = await sources.of(data_source_id);
      const compute = () => forecaster.chain({ dataSourceId: source.id, horizon: horizon_days });
      // Of a model file only the forecaster knows when it changes.
      const isFromFile = settings.MODEL_PATH !== undefined;
      if (!isFromFile && isUnchanged(request, reply, source)) return reply;
      const chain = await (isFromFile
        ? compute()
        : chains.get(`${entityTag(source)} ${horizon_days}`, compute));
      return {
        origin: chain.origin,
        model_version: versionOf(chain),
        model_type: chain.modelType,
        horizon_days,
        stores_count: chain.storeIds.length,
        total: chain.total,
        lower: chain.lower,
        upper: chain.upper,
        points: chain.points.map(chainPointAnswer),
      };
    },
  );

  app.get(
    "/forecast/accuracy",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "How far the serving model was off in its backtest, for the chain or one store",
        tags: ["forecast"],
        querystring: accuracyQuerySchema,
        response: responses(forecastAccuracySchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { store_id, data_source_id } = request.query;
      const source = await sources.of(data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const model = await findModelVersion(db, source.id, source.modelVersion ?? "champion");
      return accuracyOf(db, model, store_id ?? null);
    },
  );
}

/** What the record of a run keeps of the forecast that was given. */
function outcomeOf(answer: ForecastAnswer): Partial<NewForecastRun> {
  const points = answer.stores.flatMap(({ storeId, points: days }) =>
    days.map((day) => ({
      storeId,
      targetDate: day.date,
      predictedSales: day.predictedSales,
      predictedLower: day.lower80,
      predictedUpper: day.upper80,
      known: day.known,
    })),
  );
  return {
    modelVersion: versionOf(answer),
    origin: answer.origin,
    summary: {
      points_count: points.length,
      total_predicted_sales: points.reduce((sum, point) => sum + point.predictedSales, 0),
    },
    points,
  };
}
