import { registerSharedMetrics } from "@rossmann/alerts";
import { Gauge, metricsRegistry, type Registry, watchProcess } from "@rossmann/core";
import { poolUse } from "@rossmann/warehouse";
import { z } from "zod";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { responses } from "../schemas/responses.ts";

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Everything that is counted, as Prometheus reads it: of this process, and what all processes share.
 *
 * @param registry metrics of this application; those of the process stand in `metricsRegistry`
 */
export function addMetricsRoute(app: Api, { db, desk }: Counter, registry: Registry): void {
  watchProcess();
  registerSharedMetrics({
    db,
    registry,
    channelIds: async () => {
      // Read here too, so that a refused file shows in a process that evaluates nothing.
      await desk.policies.current().catch(() => null);
      const file = await desk.channels.current().catch(() => null);
      return file?.channels.map(({ id }) => id) ?? [];
    },
  });
  const connections = new Gauge({
    name: "database_pool_connections",
    help: "Connections of this process to the database when it was scraped; waiting are callers without one",
    labelNames: ["state"],
    registers: [registry],
  });

  app.get(
    "/diagnostics/metrics",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "Metrics in the text form of Prometheus; the key may come as X-API-Key or as a bearer token",
        tags: ["diagnostics"],
        response: {
          ...responses(z.string()),
          200: { description: "The metrics", content: { "text/plain": { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      // Before the scrape asks the database itself: it must not find its own questions waiting.
      const use = poolUse(db);
      connections.set({ state: "busy" }, use.open - use.idle);
      connections.set({ state: "idle" }, use.idle);
      connections.set({ state: "waiting" }, use.waiting);
      connections.set({ state: "limit" }, use.limit);
      const parts = await Promise.all([metricsRegistry.metrics(), registry.metrics()]);
      return reply
        .header("cache-control", "no-store")
        .type(CONTENT_TYPE)
        .send(`${parts.map((part) => part.trimEnd()).join("\n\n")}\n`);
    },
  );
}
