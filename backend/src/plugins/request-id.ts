import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/** The id a client sent, when it is short and harmless enough to be written into every log line; otherwise a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const sent = request.headers["x-request-id"];
  return typeof sent === "string" && ACCEPTABLE.test(sent) ? sent : randomUUID();
}

/** Every answer names its request. */
export function addRequestId(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
}
