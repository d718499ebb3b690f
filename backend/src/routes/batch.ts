import type { FastifyReply, FastifyRequest } from "fastify";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { createBatchEvents } from "../planning/batch-events.ts";
import type { BatchOrder } from "../planning/batch-runs.ts";
import { refuseUnknown } from "../planning/refuse-unknown.ts";
import { segmentFilter, storesOf } from "../planning/target-stores.ts";
import {
  type BatchQuestion,
  batchBodySchema,
  batchSchema,
  batchStartedSchema,
  LARGEST_BATCH_STORES,
} from "../schemas/batch.ts";
import { acceptedResponses, responses } from "../schemas/responses.ts";

const LINES_TYPE = "application/x-ndjson; charset=utf-8";

export function addBatchRoutes(app: Api, { db, sources, batches }: Counter): void {
  app.post(
    "/forecast/batch",
    {
      config: { access: "forecast:run" },
      handlerTimeout: ANSWER_LIMIT_MS,
      schema: {
        summary: "Forecast many stores: each one, their total by day and week, and the total by store type",
        description:
          "Intervals of totals come from joint errors of the backtest; a total's point is the sum of its parts. A store that cannot be forecast is named in failures. With Accept: application/x-ndjson the answer is one JSON document a line: progress, then the result. With background: true it is 202, and GET /planning/runs/{run_id} tells the rest.",
        tags: ["forecast"],
        body: batchBodySchema,
        response: {
          ...responses(batchSchema, [400, 403]),
          ...acceptedResponses(batchStartedSchema, [400, 403]),
        },
      },
    },
    async (request, reply) => {
      const order = await orderOf(request.body);
      reply.header("cache-control", "no-store");
      if (request.body.background) {
        const { runId } = await batches.startRecorded(order);
        const location = `/api/v1/planning/runs/${runId}`;
        reply.code(202).header("x-forecast-run-id", runId).header("location", location);
        return { run_id: runId, location };
      }
      if (wantsLines(request)) return sendLines(reply, order);
      const { runId, answer } = batches.start(order);
      reply.header("x-forecast-run-id", runId);
      return await answer.catch(refuseUnknown);
    },
  );

  async function sendLines(reply: FastifyReply, order: BatchOrder): Promise<FastifyReply> {
    const events = createBatchEvents();
    const { runId, answer } = await batches.startRecorded(order, events.tell);
    events.finish(runId, answer);
    return reply.header("x-forecast-run-id", runId).type(LINES_TYPE).send(events.lines);
  }

  async function orderOf(body: BatchQuestion): Promise<BatchOrder> {
    const source = await sources.of(body.data_source_id).catch(refuseUnknown);
    return {
      dataSourceId: source.id,
      storeIds: await askedStores(body, source.id),
      horizon: body.horizon_days,
      level: body.confidence_level,
    };
  }

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

const wantsLines = (request: FastifyRequest) =>
  request.headers.accept?.toLowerCase().includes("application/x-ndjson") === true;
