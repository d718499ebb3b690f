import type { FastifyInstance } from "fastify";

/**
 * One line per finished request, bound to its id by the request's logger. The query stays out of it: it may hold what does not
 * belong in a log.
 */
export function addAccessLog(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: request.url.split("?", 1)[0],
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 100) / 100,
      },
      "request",
    );
  });
}
