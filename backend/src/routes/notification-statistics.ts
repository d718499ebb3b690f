import {
  channelStats,
  deliveryStats,
  deliveryTrends,
  listAttempts,
  outcomeCounts,
  type StatisticsFilter,
} from "@rossmann/warehouse";
import type { z } from "zod";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  attemptsQuerySchema,
  attemptsSchema,
  channelAnswer,
  channelsSchema,
  type NotificationFilters,
  statisticsQuerySchema,
  statsAnswer,
  statsSchema,
  trendAnswer,
  trendsQuerySchema,
  trendsSchema,
} from "../schemas/notification-statistics.ts";
import { ATTEMPT_STATUSES, attemptAnswer, EVENT_TYPES, OUTBOX_STATUSES } from "../schemas/notifications.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";
import { knownWord, timeWindowOf } from "../time-window.ts";
import { attemptStatusOf } from "./notifications.ts";

const NOTIFICATIONS = "/diagnostics/preflight/notifications";
const USUAL_DAYS = 30;

export function addNotificationStatisticsRoutes(app: Api, { db, effects }: Counter): void {
  const route = <Answer extends z.ZodType>(summary: string, answer: Answer) => ({
    handlerTimeout: ANSWER_LIMIT_MS,
    config: { access: "diagnostics:read" as const },
    schema: { summary, tags: ["notifications"], response: responses(answer, [400]) },
  });
  const asked = (query: z.output<typeof statisticsQuerySchema>) =>
    statisticsOf(query, new Date(effects.now()));

  const stats = route(
    "Figures of the delivery attempts in a span of time, exact and from the ledger",
    statsSchema,
  );
  app.get(
    `${NOTIFICATIONS}/stats`,
    { ...stats, schema: { ...stats.schema, querystring: statisticsQuerySchema } },
    async (request, reply) => {
      const { filter, echo } = asked(request.query);
      reply.header("cache-control", "no-store");
      const [figures, outcomes] = await Promise.all([deliveryStats(db, filter), outcomeCounts(db, filter)]);
      return statsAnswer(figures, outcomes, echo);
    },
  );

  const trends = route("The same by day or hour, oldest first", trendsSchema);
  app.get(
    `${NOTIFICATIONS}/trends`,
    { ...trends, schema: { ...trends.schema, querystring: trendsQuerySchema } },
    async (request, reply) => {
      const { filter, echo } = asked(request.query);
      const { bucket } = request.query;
      reply.header("cache-control", "no-store");
      return {
        bucket,
        filters: echo,
        items: (await deliveryTrends(db, filter, bucket)).map(trendAnswer),
      };
    },
  );

  const channels = route("The same by channel", channelsSchema);
  app.get(
    `${NOTIFICATIONS}/channels`,
    { ...channels, schema: { ...channels.schema, querystring: statisticsQuerySchema } },
    async (request, reply) => {
      const { filter, echo } = asked(request.query);
      reply.header("cache-control", "no-store");
      return { filters: echo, items: (await channelStats(db, filter)).map(channelAnswer) };
    },
  );

  const attempts = route("Delivery attempts in a span of time, newest first", attemptsSchema);
  app.get(
    `${NOTIFICATIONS}/attempts`,
    { ...attempts, schema: { ...attempts.schema, querystring: attemptsQuerySchema } },
    async (request, reply) => {
      const { limit, cursor, attempt_status, alert_id, outbox_item_id, ...query } = request.query;
      const { filter, echo } = asked(query);
      const attemptStatus = knownWord("attempt_status", attempt_status, ATTEMPT_STATUSES);
      const rows = await listAttempts(db, {
        from: filter.from,
        to: filter.to,
        channelTarget: filter.channelTarget,
        eventType: filter.eventType,
        attemptStatus,
        alertId: alert_id,
        outboxItemId: outbox_item_id,
        after: cursor,
        limit: limit + 1,
      });
      const { items, next_cursor } = pageOf(rows, limit, ({ attemptId }) => attemptId);
      reply.header("cache-control", "no-store");
      return {
        limit,
        next_cursor,
        filters: { ...echo, attempt_status: attemptStatus ?? null, alert_id: alert_id ?? null },
        items: items.map(attemptAnswer),
      };
    },
  );
}

function statisticsOf(
  query: z.output<typeof statisticsQuerySchema>,
  now: Date,
): { filter: StatisticsFilter; echo: NotificationFilters } {
  const window = timeWindowOf(query, now, USUAL_DAYS);
  const eventType = knownWord("event_type", query.event_type, EVENT_TYPES);
  const status = knownWord("status", query.status, OUTBOX_STATUSES);
  const isWaiting = status === "PENDING" || status === "RETRYING";
  return {
    filter: {
      from: window.from,
      to: window.to,
      eventType,
      channelTarget: query.channel_target,
      attemptStatus: status === undefined ? undefined : attemptStatusOf(status),
      waiting: status === undefined ? undefined : isWaiting ? [status] : [],
    },
    echo: {
      days: window.days,
      date_from: window.from.toISOString(),
      date_to: window.to.toISOString(),
      event_type: eventType ?? null,
      channel_target: query.channel_target ?? null,
      status: status ?? null,
      attempt_status: null,
      alert_id: null,
    },
  };
}
