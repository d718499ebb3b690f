import type { Readable } from "node:stream";
import {
  chainDailySales,
  chainMonthlySales,
  type SalesRange,
  storeDailySales,
  storeMonthlySales,
} from "@rossmann/warehouse";
import type { FastifyReply } from "fastify";
import type { Api, Counter } from "../api.ts";
import { dailyBatches } from "../daily-batches.ts";
import { HttpRefusal } from "../errors.ts";
import { isUnchanged } from "../freshness.ts";
import { jsonArrayStream, startReading } from "../json-stream.ts";
import { assertPeriod } from "../period.ts";
import { responses } from "../schemas/responses.ts";
import {
  chainDayAnswer,
  chainMonthAnswer,
  storeDayAnswer,
  storeMonthAnswer,
  timeseriesQuerySchema,
  timeseriesSchema,
} from "../schemas/sales.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const BATCH_ROWS = 1000;

export function addSalesRoutes(app: Api, { db, sources }: Counter): void {
  app.get(
    "/sales/timeseries",
    {
      config: { access: "data:read" },
      schema: {
        summary: "Sales by day or month, per store or summed over the chain; long answers are streamed",
        tags: ["sales"],
        querystring: timeseriesQuerySchema,
        response: responses(timeseriesSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { date_from, date_to, store_id, granularity, aggregate, data_source_id } = request.query;
      assertPeriod(date_from, date_to);
      if (aggregate === "chain" && store_id !== undefined) {
        throw new HttpRefusal(
          400,
          "aggregate_conflict",
          "aggregate=chain sums all stores; leave out store_id or aggregate",
        );
      }
      const source = await sources.of(data_source_id);
      if (isUnchanged(request, reply, source)) return reply;
      const range: SalesRange = { dataSourceId: source.id, dateFrom: date_from, dateTo: date_to };

      if (aggregate === "chain") {
        return granularity === "daily"
          ? (await chainDailySales(db, range)).map(chainDayAnswer)
          : (await chainMonthlySales(db, range)).map(chainMonthAnswer);
      }
      if (granularity === "daily" && store_id !== undefined) {
        return (await storeDailySales(db, { ...range, storeId: store_id })).map(storeDayAnswer);
      }
      if (granularity === "monthly") {
        const months = await storeMonthlySales(db, { ...range, storeId: store_id });
        return store_id === undefined
          ? sendStream(reply, jsonArrayStream(slices(months), storeMonthAnswer))
          : months.map(storeMonthAnswer);
      }
      if (request.method === "HEAD") return sendStream(reply, undefined);
      const batches = await startReading(dailyBatches(db, range));
      return sendStream(reply, jsonArrayStream(batches, storeDayAnswer));
    },
  );
}

function sendStream(reply: FastifyReply, stream: Readable | undefined): FastifyReply {
  stream?.once("error", (error: NodeJS.ErrnoException) => {
    // A reader who leaves is no failure; the rest cannot be told to the reader any more, whose answer just breaks off.
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE")
      reply.log.error({ err: error }, "a long answer broke off");
  });
  return reply.type(JSON_TYPE).send(stream);
}

async function* slices<Row>(rows: readonly Row[]): AsyncGenerator<Row[], void, void> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) yield rows.slice(start, start + BATCH_ROWS);
}
