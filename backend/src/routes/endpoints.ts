import { enableChannel, sendTestNotification } from "@rossmann/alerts";
import { listEndpointHealth } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import {
  channelTestAnswer,
  channelTestSchema,
  enabledSchema,
  endpointAnswer,
  endpointParamsSchema,
  endpointsSchema,
} from "../schemas/endpoints.ts";
import { responses } from "../schemas/responses.ts";

const ENDPOINTS = "/diagnostics/preflight/notifications/endpoints";
/** The longest timeout that a channel may have, and a little. */
const TEST_LIMIT_MS = 75_000;

export function addEndpointRoutes(app: Api, { db, desk, effects }: Counter): void {
  app.get(
    ENDPOINTS,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "The notification channels in the order of their file, and how they fare",
        tags: ["notifications"],
        response: responses(endpointsSchema, [400]),
      },
    },
    async (_request, reply) => {
      const file = await desk.channels.current();
      const health = new Map((await listEndpointHealth(db)).map((each) => [each.channelTarget, each]));
      reply.header("cache-control", "no-store");
      return {
        version: file.version,
        path: desk.channels.name,
        items: file.channels.map((entry) => endpointAnswer(entry, health.get(entry.id))),
        refusal: desk.channels.refusal()?.message ?? null,
      };
    },
  );

  app.post(
    `${ENDPOINTS}/:channel_id/enable`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:operate" },
      schema: {
        summary: "Let notifications go to a disabled endpoint again; what has waited goes out",
        tags: ["notifications"],
        params: endpointParamsSchema,
        response: responses(enabledSchema, [403]),
      },
    },
    async (request) => {
      const { channel_id } = request.params;
      return {
        channel_target: channel_id,
        was_disabled: await enableChannel(db, channel_id, request.caller.name),
      };
    },
  );

  app.post(
    `${ENDPOINTS}/:channel_id/test`,
    {
      handlerTimeout: TEST_LIMIT_MS,
      config: { access: "diagnostics:admin" },
      schema: {
        summary: "Send one message that says it is a test, at once and past the outbox",
        tags: ["notifications"],
        params: endpointParamsSchema,
        response: responses(channelTestSchema, [403, 404]),
      },
    },
    async (request) => {
      const { channel_id } = request.params;
      const channel = (await desk.enabledChannels()).find(({ id }) => id === channel_id);
      if (channel === undefined) {
        throw new HttpRefusal(
          404,
          "channel_not_found",
          `there is no channel ${channel_id} that is switched on in ${desk.channels.name}`,
        );
      }
      const startedAt = performance.now();
      const result = await sendTestNotification(desk.postman, channel, new Date(effects.now()));
      return channelTestAnswer(channel_id, result, performance.now() - startedAt);
    },
  );
}
