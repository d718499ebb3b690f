import { replayDead, replayOne } from "@rossmann/alerts";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  dispatchAnswer,
  dispatchQuerySchema,
  dispatchSchema,
  outboxAnswer,
  outboxItemParamsSchema,
  replayDeadQuerySchema,
  replaySchema,
} from "../schemas/notifications.ts";
import { responses } from "../schemas/responses.ts";

const NOTIFICATIONS = "/diagnostics/preflight/notifications";
/** Nothing more is begun after this; what is under way ends by the timeouts of its channels. */
const DISPATCH_MS = 10_000;
const DISPATCH_LIMIT_MS = 75_000;

export function addNotificationActionRoutes(app: Api, { db, desk, effects }: Counter): void {
  app.post(
    `${NOTIFICATIONS}/dispatch`,
    {
      handlerTimeout: DISPATCH_LIMIT_MS,
      config: { access: "diagnostics:admin" },
      schema: {
        summary: "Deliver what is due now, without waiting for the schedule",
        tags: ["notifications"],
        querystring: dispatchQuerySchema,
        response: responses(dispatchSchema, [403]),
      },
    },
    async (request) => {
      const at = new Date(effects.now());
      const report = await desk.dispatcher.drain({
        limit: request.query.limit,
        signal: AbortSignal.timeout(DISPATCH_MS),
      });
      return dispatchAnswer(report, request.caller.name, at);
    },
  );

  app.post(
    `${NOTIFICATIONS}/outbox/:item_id/replay`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:admin" },
      schema: {
        summary:
          "Send a finished notification again under the same event id; asking twice gives the same copy",
        tags: ["notifications"],
        params: outboxItemParamsSchema,
        response: responses(replaySchema, [400, 403, 404]),
      },
    },
    async (request) => {
      const { item, isNew } = await replayOne(db, request.params.item_id, request.caller.name);
      return { actor: request.caller.name, replayed_count: isNew ? 1 : 0, items: [outboxAnswer(item)] };
    },
  );

  app.post(
    `${NOTIFICATIONS}/outbox/replay-dead`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:admin" },
      schema: {
        summary:
          "Send again what was given up in the last 14 days, the newest first; asking again finds nothing more",
        tags: ["notifications"],
        querystring: replayDeadQuerySchema,
        response: responses(replaySchema, [403]),
      },
    },
    async (request) => {
      const { limit, channel_target } = request.query;
      const items = await replayDead(db, request.caller.name, { limit, channelTarget: channel_target });
      return { actor: request.caller.name, replayed_count: items.length, items: items.map(outboxAnswer) };
    },
  );
}
