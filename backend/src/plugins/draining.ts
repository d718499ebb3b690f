import type { FastifyInstance } from "fastify";

/**
 * While the process stops, answers end their connection: a kept one would hold the stop up until its client lets go.
 *
 * @param isDraining true from the moment the process was asked to stop
 */
export function addDraining(app: FastifyInstance, isDraining: () => boolean): void {
  app.addHook("onSend", async (_request, reply) => {
    if (isDraining()) reply.header("connection", "close");
  });
}
