import type { FastifyInstance } from "fastify";
import { HttpRefusal } from "../errors.ts";
import { sendProblem } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** the body may take its time: a large file over a slow line */
    hasSlowBody?: boolean;
  }
}

/**
 * A request has to arrive whole within a time. The HTTP server knows one limit for all, and a large file needs more than a short
 * form may take.
 *
 * @param limitMs for every route that does not say `hasSlowBody`
 */
export function addArrivalLimit(app: FastifyInstance, limitMs: number): void {
  app.addHook("onRequest", async (request, reply) => {
    const { raw } = request;
    if (raw.complete || request.routeOptions.config.hasSlowBody === true) return;
    const timer = setTimeout(() => {
      if (raw.complete || reply.sent) return;
      reply.raw.once("finish", () => raw.destroy());
      reply.header("connection", "close");
      sendProblem(
        new HttpRefusal(408, "request_timeout", "the request did not arrive in time"),
        request,
        reply,
      );
    }, limitMs).unref();
    raw.once("end", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
  });
}
