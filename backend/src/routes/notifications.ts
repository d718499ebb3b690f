import { countAttempts, findAttempt, listAttempts, listOutbox, type OutboxStatus } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import {
  ATTEMPT_STATUSES,
  attemptAnswer,
  attemptParamsSchema,
  attemptSchema,
  deliveriesQuerySchema,
  deliveriesSchema,
  EVENT_TYPES,
  OUTBOX_STATUSES,
  outboxAnswer,
  outboxQuerySchema,
  outboxSchema,
} from "../schemas/notifications.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";
import { knownWord } from "../time-window.ts";

const NOTIFICATIONS = "/diagnostics/preflight/notifications";

export function addNotificationRoutes(app: Api, { db }: Counter): void {
  const list = (path: string, summary: string, usual: readonly OutboxStatus[]) =>
    app.get(
      `${NOTIFICATIONS}/${path}`,
      {
        handlerTimeout: ANSWER_LIMIT_MS,
        config: { access: "diagnostics:read" },
        schema: {
          summary,
          tags: ["notifications"],
          querystring: outboxQuerySchema,
          response: responses(outboxSchema, [400]),
        },
      },
      async (request, reply) => {
        const { limit, cursor, channel_target, alert_id } = request.query;
        const status = knownWord("status", request.query.status, [...OUTBOX_STATUSES, "ALL"]);
        const rows = await listOutbox(db, {
          statuses: status === undefined ? usual : status === "ALL" ? OUTBOX_STATUSES : [status],
          eventType: knownWord("event_type", request.query.event_type, EVENT_TYPES),
          channelTarget: channel_target,
          alertId: alert_id,
          after: cursor,
          limit: limit + 1,
        });
        const { items, next_cursor } = pageOf(rows, limit, ({ id }) => id);
        reply.header("cache-control", "no-store");
        return { limit, next_cursor, items: items.map(outboxAnswer) };
      },
    );
  list(
    "outbox",
    "Notifications that wait for delivery, newest first; status asks for others, ALL for every one",
    ["PENDING", "RETRYING"],
  );
  list("history", "Notifications that were sent or given up, newest first", ["SENT", "FAILED", "DEAD"]);

  app.get(
    `${NOTIFICATIONS}/deliveries`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "The ledger of delivery attempts in numbered pages, newest first",
        tags: ["notifications"],
        querystring: deliveriesQuerySchema,
        response: responses(deliveriesSchema, [400]),
      },
    },
    async (request, reply) => {
      const { page, page_size, channel_target } = request.query;
      const status = knownWord("status", request.query.status, [...ATTEMPT_STATUSES, "PENDING", "RETRYING"]);
      const filter = {
        attemptStatus: status === undefined ? undefined : attemptStatusOf(status),
        channelTarget: channel_target,
      };
      const [total, rows] = await Promise.all([
        countAttempts(db, filter),
        listAttempts(db, { ...filter, limit: page_size, offset: (page - 1) * page_size }),
      ]);
      reply.header("cache-control", "no-store");
      return { page, page_size, total, status: status ?? null, items: rows.map(attemptAnswer) };
    },
  );

  app.get(
    `${NOTIFICATIONS}/attempts/:attempt_id`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "One delivery attempt",
        tags: ["notifications"],
        params: attemptParamsSchema,
        response: responses(attemptSchema, [404]),
      },
    },
    async (request, reply) => {
      const attempt = await findAttempt(db, request.params.attempt_id);
      if (attempt === null) {
        const message = `there is no delivery attempt ${request.params.attempt_id}`;
        throw new HttpRefusal(404, "attempt_not_found", message);
      }
      reply.header("cache-control", "no-store");
      return attemptAnswer(attempt);
    },
  );
}

/** The ledger's word for a state of the outbox; its own words stay. */
export function attemptStatusOf(
  status: (typeof ATTEMPT_STATUSES)[number] | "PENDING" | "RETRYING",
): (typeof ATTEMPT_STATUSES)[number] {
  if (status === "PENDING") return "STARTED";
  return status === "RETRYING" ? "RETRY" : status;
}
