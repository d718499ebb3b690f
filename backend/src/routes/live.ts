import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Api, Counter } from "../api.ts";
import { createLiveFeed, type LiveTopic } from "../live-feed.ts";
import { responses } from "../schemas/responses.ts";

/** A silent connection would be taken for dead by what lies between. */
const BREATH_MS = 15_000;
/** Then the client connects anew, and its rights are looked at anew. */
const LONGEST_MS = 15 * 60_000;

/** Changes of alerts and deliveries as server-sent events, so that pages need not ask again and again. */
export function addLiveRoutes(app: Api, { db, effects }: Counter): void {
  const feed = createLiveFeed(db, effects.logger);
  app.addHook("preClose", async () => feed.close());

  app.get(
    "/diagnostics/preflight/events",
    {
      // What never ends has no length to ask for.
      exposeHeadRoute: false,
      config: { access: "diagnostics:read" },
      schema: {
        summary:
          "Server-sent events: `change` with the topics to look at anew (alerts, actions, evaluations, deliveries)",
        tags: ["alerts"],
        response: {
          ...responses(z.string()),
          200: { description: "An endless stream", content: { "text/event-stream": { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      const end = AbortSignal.any([gone.signal, AbortSignal.timeout(LONGEST_MS)]);
      const stream = Readable.from(eventTexts(feed.listen(end, BREATH_MS)));
      return streamEvents(reply, stream);
    },
  );
}

function streamEvents(reply: FastifyReply, stream: Readable): FastifyReply {
  return reply
    .type("text/event-stream")
    .header("cache-control", "no-store, no-transform")
    .header("x-accel-buffering", "no")
    .send(stream);
}

async function* eventTexts(changes: AsyncGenerator<LiveTopic[]>): AsyncGenerator<string> {
  yield "retry: 3000\nevent: hello\ndata: {}\n\n";
  for await (const topics of changes)
    yield topics.length === 0 ? ":\n\n" : `event: change\ndata: ${JSON.stringify({ topics })}\n\n`;
}
