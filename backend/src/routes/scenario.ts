import { messageOf } from "@rossmann/core";
import type { ForecastStamp, ScenarioAnswer, ScenarioPlan } from "@rossmann/ml";
import { type ForecastRunType, type NewForecastRun, newRunId } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { refuseUnknown } from "../planning/refuse-unknown.ts";
import { assumptionsAnswer, controlsEcho, outcomeAnswer, priceEcho } from "../planning/scenario-answer.ts";
import { planOf } from "../planning/scenario-plan.ts";
import { failureAnswer, stampAnswer, versionOf } from "../planning/stamp-answer.ts";
import { type SegmentFilter, segmentFilter, storesOf } from "../planning/target-stores.ts";
import type { Segment } from "../schemas/planning-values.ts";
import { responses } from "../schemas/responses.ts";
import {
  forecastScenarioBodySchema,
  forecastScenarioSchema,
  type ScenarioTarget,
  scenarioCompareBodySchema,
  scenarioCompareSchema,
  scenarioRunBodySchema,
  scenarioRunSchema,
} from "../schemas/scenario.ts";

interface Question {
  runId: string;
  runType: ForecastRunType;
  storeId: number | null;
  segment: Segment | null | undefined;
  dataSourceId: number | null | undefined;
  horizon: number;
  level: number;
  plans: readonly ScenarioPlan[];
  /** as it was sent, for the record */
  body: object;
}

interface Answered {
  answer: ForecastStamp & ScenarioAnswer;
  target: ScenarioTarget;
  filter: SegmentFilter | null;
  /** Gives the answer back, and keeps it to be found again by its run. */
  keep: <Result extends object>(result: Result) => Promise<Result>;
}

export function addScenarioRoutes(app: Api, counter: Counter): void {
  const { db, forecaster, sources, forecastRuns, settings } = counter;

  app.post(
    "/forecast/scenario",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "What one store would sell under another calendar or demand, against the plain forecast",
        tags: ["scenario"],
        body: forecastScenarioBodySchema,
        response: responses(forecastScenarioSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const { body } = request;
      const plan = planOf(body, settings);
      const runId = newRunId("forecast_scenario");
      reply.header("x-forecast-run-id", runId).header("cache-control", "no-store");
      const { answer, keep } = await answerTo({
        runId,
        runType: "scenario",
        storeId: body.store_id,
        segment: null,
        ...frameOf(body),
        plans: [plan],
        body,
      });
      return keep({
        ...stampAnswer(runId, answer),
        request: { store_id: body.store_id, ...controlsEcho(body, plan), ...frameEcho(answer) },
        ...outcomeAnswer(answer.outcomes[0]!),
      });
    },
  );

  app.post(
    "/scenario/run",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary:
          "A scenario of one store or a segment: calendar, demand and price, against the plain forecast",
        tags: ["scenario"],
        body: scenarioRunBodySchema,
        response: responses(scenarioRunSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const { body } = request;
      const plan = planOf(body, settings);
      const runId = newRunId("scenario_v2");
      reply.header("x-forecast-run-id", runId).header("cache-control", "no-store");
      const { answer, target, filter, keep } = await answerTo({
        runId,
        runType: "scenario_v2",
        storeId: body.store_id ?? null,
        segment: body.segment,
        ...frameOf(body),
        plans: [plan],
        body,
      });
      const outcome = answer.outcomes[0]!;
      return keep({
        ...stampAnswer(runId, answer),
        target,
        assumptions: assumptionsAnswer(outcome),
        request: {
          store_id: body.store_id ?? null,
          segment: { ...filter },
          ...controlsEcho(body, plan),
          ...priceEcho(plan),
          ...frameEcho(answer),
        },
        failures: answer.failures.map(failureAnswer),
        ...outcomeAnswer(outcome),
      });
    },
  );

  app.post(
    "/scenario/compare",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Up to three scenarios of the same stores and days side by side",
        tags: ["scenario"],
        body: scenarioCompareBodySchema,
        response: responses(scenarioCompareSchema, [400, 403]),
      },
    },
    async (request, reply) => {
      const { body } = request;
      const plans = body.scenarios.map((controls) => planOf(controls, settings));
      const runId = newRunId("scenario_v2");
      reply.header("x-forecast-run-id", runId).header("cache-control", "no-store");
      const { answer, target, keep } = await answerTo({
        runId,
        runType: "scenario_v2",
        storeId: body.store_id ?? null,
        segment: body.segment,
        ...frameOf(body),
        plans,
        body,
      });
      return keep({
        ...stampAnswer(runId, answer),
        target,
        request: frameEcho(answer),
        failures: answer.failures.map(failureAnswer),
        scenarios: body.scenarios.map((controls, k) => ({
          name: controls.name,
          request: { ...controlsEcho(controls, plans[k]!), ...priceEcho(plans[k]!) },
          assumptions: assumptionsAnswer(answer.outcomes[k]!),
          ...outcomeAnswer(answer.outcomes[k]!),
        })),
      });
    },
  );

  /** Runs the scenarios and keeps a record, of a refusal too. */
  async function answerTo(question: Question): Promise<Answered> {
    const source = await sources.of(question.dataSourceId).catch(refuseUnknown);
    const run = {
      runId: question.runId,
      runType: question.runType,
      dataSourceId: source.id,
      storeId: question.storeId,
      request: { ...question.body, data_source_id: source.id },
    };
    try {
      const { storeIds, target, filter } = await targetOf(question, source.id);
      const answer = await forecaster.scenarios({
        dataSourceId: source.id,
        storeIds,
        plans: question.plans,
        horizon: question.horizon,
        level: question.level,
      });
      const { points, difference, baseline } = answer.outcomes[0]!;
      const done: NewForecastRun = {
        ...run,
        status: "COMPLETED",
        modelVersion: versionOf(answer),
        origin: answer.origin,
        summary: {
          points_count: points.length,
          total_points: points.length,
          target_mode: target.mode,
          uplift_pct: baseline.total > 0 ? (100 * difference.delta) / baseline.total : 0,
          total_delta_sales: difference.delta,
        },
      };
      return {
        answer,
        target,
        filter,
        async keep(result) {
          await forecastRuns.record({ ...done, result });
          return result;
        },
      };
    } catch (error) {
      await forecastRuns.record({ ...run, status: "FAILED", errorMessage: messageOf(error) });
      return refuseUnknown(error);
    }
  }

  async function targetOf(
    { storeId, segment }: Question,
    dataSourceId: number,
  ): Promise<{ storeIds: number[]; target: ScenarioTarget; filter: SegmentFilter | null }> {
    const filter = segmentFilter(segment);
    if (storeId !== null && filter !== null) {
      throw new HttpRefusal(400, "scenario_target_invalid", "Use either store_id or segment, not both");
    }
    if (storeId !== null) {
      return {
        storeIds: [storeId],
        filter,
        target: {
          mode: "store",
          store_id: storeId,
          segment: null,
          stores_count: null,
          store_ids: null,
          matched_stores_count: null,
          truncated: false,
        },
      };
    }
    if (filter === null) {
      throw new HttpRefusal(
        400,
        "scenario_target_invalid",
        "Use either store_id or segment: name a store, or at least one of store_type, assortment and promo2",
      );
    }
    const { storeIds, matched } = await storesOf(
      db,
      dataSourceId,
      filter,
      settings.SCENARIO_MAX_SEGMENT_STORES,
    );
    return {
      storeIds,
      filter,
      target: {
        mode: "segment",
        store_id: null,
        segment: filter,
        stores_count: storeIds.length,
        store_ids: storeIds,
        matched_stores_count: matched,
        truncated: matched > storeIds.length,
      },
    };
  }
}

interface Frame {
  data_source_id?: number | null;
  horizon_days: number;
  confidence_level: number;
}

const frameOf = ({ data_source_id, horizon_days, confidence_level }: Frame) => ({
  dataSourceId: data_source_id,
  horizon: horizon_days,
  level: confidence_level,
});

const frameEcho = (answer: ForecastStamp) => ({
  confidence_level: answer.level,
  horizon_days: answer.horizon,
  data_source_id: answer.dataSourceId,
});
