import type { FastifyInstance } from "fastify";
import { withoutKeys } from "../credentials.ts";

/**
 * One line per finished request, bound to its id by the request's logger. The query stays out of it, and so does every key: they do
 * not belong in a log.
 */
export function addAccessLog(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: withoutKeys(request.url.split("?", 1)[0] ?? ""),
        caller: request.caller?.name,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 100) / 100,
      },
      "request",
    );
  });
}
